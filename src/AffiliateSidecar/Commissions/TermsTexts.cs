using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AffiliateSidecar.Commissions;

/// <summary>The terms as their readers see them, line by line.</summary>
/// <param name="Kind">The element: <c>h2</c>, <c>p</c>, <c>li</c>, <c>tr</c>, …</param>
/// <param name="Clause">Of a heading: which clause begins, whatever its words; null elsewhere.</param>
sealed record TermsLine(string Kind, string Text, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Clause = null);

/// <summary>The terms in every language.</summary>
/// <param name="ByLanguage">Lines by the code of the language.</param>
sealed record TermsTexts(IReadOnlyDictionary<string, IReadOnlyList<TermsLine>> ByLanguage)
{
    public string Json => JsonSerializer.Serialize(ByLanguage, Http.Json.Options);

    public string Hash => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Json)));

    public static TermsTexts Parse(string json) => new(JsonSerializer.Deserialize<Dictionary<string, IReadOnlyList<TermsLine>>>(json, Http.Json.Options)!);

    /// <summary>A clause word for word, its heading first; empty where there is none.</summary>
    public IReadOnlyList<TermsLine> Clause(string name, string language)
    {
        var lines = ByLanguage.GetValueOrDefault(language) ?? [];
        var from = lines.Index().FirstOrDefault(l => l.Item.Clause == name, (-1, null!)).Index;
        return from < 0 ? [] : [lines[from], .. lines.Skip(from + 1).TakeWhile(l => l.Kind is not ("h1" or "h2"))];
    }
}
