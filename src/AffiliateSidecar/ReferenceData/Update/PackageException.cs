namespace AffiliateSidecar.ReferenceData.Update;

/// <summary>A package cannot be had, or is not what it should be: the sentence says why. Nothing was changed.</summary>
sealed class PackageException(string message) : Exception(message);
