using System.Text.RegularExpressions;

namespace AffiliateSidecar.Templates;

/// <summary>A language together with the facts of the program: <c>{rate}</c> in a text becomes what the engine pays.</summary>
sealed partial class Wording(Language language, IReadOnlyDictionary<string, string> facts)
{
    public Language Language { get; } = language;
    public IReadOnlyDictionary<string, string> Facts { get; } = facts;

    /// <summary>Plain text, not escaped.</summary>
    /// <exception cref="PageException">No such text, or it asks for a fact that is not known.</exception>
    public string this[string key] => Language.Texts.TryGetValue(key, out var text)
        ? Placeholder().Replace(text, match => Facts.TryGetValue(match.Groups[1].Value, out var fact)
            ? fact
            : throw new PageException($"languages/{Language.Code}.json: '{key}' asks for {match.Value}, which is none of {string.Join(", ", Facts.Keys)}."))
        : throw new PageException($"languages/{Language.Code}.json has no text '{key}'.");

    [GeneratedRegex(@"\{([a-z_]+)\}")]
    private static partial Regex Placeholder();
}
