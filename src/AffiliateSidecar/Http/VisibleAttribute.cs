using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace AffiliateSidecar.Http;

/// <summary>A text, or each of a list, that somebody can see: neither empty nor only spaces and joiners.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
sealed class VisibleAttribute(int most) : ValidationAttribute($"A text of at most {most} characters, one of which can be seen.")
{
    public override bool IsValid(object? value) => value switch
    {
        null => true,
        string text => Fine(text),
        IEnumerable<string?> texts => texts.All(Fine),
        _ => false,
    };

    bool Fine(string? text) => text is not null && text.Length <= most && text.Any(c =>
        !char.IsWhiteSpace(c) && char.GetUnicodeCategory(c) is not (UnicodeCategory.Format or UnicodeCategory.Control));
}
