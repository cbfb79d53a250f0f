using Scriban.Parsing;

namespace AffiliateSidecar.Templates;

/// <summary>A page cannot be made as it is written: one sentence for the person who writes it.</summary>
sealed class PageException(string message) : Exception(message)
{
    /// <summary>Where in the template, from zero; null: not known.</summary>
    public TextPosition? Place { get; init; }

    /// <summary>Without the place.</summary>
    public string Reason { get; init; } = message;
}
