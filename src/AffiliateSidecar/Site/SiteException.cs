namespace AffiliateSidecar.Site;

/// <summary>The site cannot be built as it is written: one sentence for the person who writes it.</summary>
sealed class SiteException(string message) : Exception(message);
