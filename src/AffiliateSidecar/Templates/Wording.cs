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
        ? Fill($"languages/{Language.Code}.json: '{key}'", text)
        : throw new PageException($"languages/{Language.Code}.json has no text '{key}'.");

    /// <summary>A text with its facts.</summary>
    /// <param name="where">Whose text it is, for the message.</param>
    /// <param name="text">With placeholders.</param>
    /// <exception cref="PageException">It asks for a fact that is not known.</exception>
    public string Fill(string where, string text) => Placeholder().Replace(text, match => Facts.TryGetValue(match.Groups[1].Value, out var fact)
        ? fact
        : throw new PageException($"{where} asks for {match.Value}, which is none of {string.Join(", ", Facts.Keys)}."));

    /// <summary>Whether every fact it asks for is known.</summary>
    public bool CanFill(string text) => Placeholder().Matches(text).All(m => Facts.ContainsKey(m.Groups[1].Value));

    [GeneratedRegex(@"\{([a-z_]+)\}")]
    private static partial Regex Placeholder();
}
