namespace AffiliateSidecar.Templates;

/// <summary>A page cannot be made as it is written: one sentence for the person who writes it.</summary>
sealed class PageException(string message) : Exception(message);
