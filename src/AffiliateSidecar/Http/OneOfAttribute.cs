using System.ComponentModel.DataAnnotations;

namespace AffiliateSidecar.Http;

/// <summary>A text that is one of a few words, or absent. The error lists them, and so does the OpenAPI document.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
sealed class OneOfAttribute(params string[] words) : ValidationAttribute($"Expected one of: {string.Join(", ", words)}.")
{
    public IReadOnlyList<string> Words { get; } = words;

    public override bool IsValid(object? value) => value is null || (value is string word && Words.Contains(word, StringComparer.Ordinal));
}
