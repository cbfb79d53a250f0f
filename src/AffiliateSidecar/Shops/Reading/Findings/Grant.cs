using System.Text.RegularExpressions;

namespace AffiliateSidecar.Shops.Reading.Findings;

/// <summary>One line of <c>SHOW GRANTS</c>.</summary>
/// <param name="Privileges">Without columns; empty for a role.</param>
/// <param name="On">What they are for, quoted as the server quotes it; for a role, its name.</param>
/// <param name="ToEverybody">Granted to PUBLIC, hence not this account's own.</param>
sealed partial record Grant(IReadOnlyList<string> Privileges, string On, bool MayHandOn, bool ToEverybody)
{
    static readonly HashSet<string> Harmless = ["SELECT", "USAGE", "SHOW VIEW"];

    public bool IsRole => Privileges.Count == 0;

    /// <summary>What it allows beyond reading.</summary>
    public IReadOnlyList<string> Excess => [.. Privileges.Where(p => !Harmless.Contains(p)), .. MayHandOn ? ["GRANT OPTION"] : Array.Empty<string>()];

    /// <summary>A whole database, or all of them: <c>*.*</c>, <c>`shop`.*</c>.</summary>
    public bool IsBroad => Privileges.Contains("SELECT") && On.EndsWith(".*", StringComparison.Ordinal);

    /// <returns>Null for a line that grants nothing.</returns>
    public static Grant? Parse(string line)
    {
        // Positions are looked for where no quoted name can pretend to be a keyword.
        var bare = Quoted().Replace(line, m => new string('_', m.Length));
        if (!bare.StartsWith("GRANT ", StringComparison.Ordinal) || bare.LastIndexOf(" TO ", StringComparison.Ordinal) is not (> 0 and var to))
            return null;
        var everybody = bare[(to + 4)..].StartsWith("PUBLIC", StringComparison.Ordinal);
        var handedOn = bare[to..].Contains("WITH GRANT OPTION", StringComparison.Ordinal) || bare[to..].Contains("WITH ADMIN OPTION", StringComparison.Ordinal);
        var on = bare.IndexOf(" ON ", StringComparison.Ordinal);
        return on < 0 || on > to
            ? new([], line["GRANT ".Length..to], handedOn, everybody)
            : new(Columns().Replace(bare["GRANT ".Length..on], "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries), line[(on + 4)..to], handedOn, everybody);
    }

    public override string ToString() => IsRole ? $"the role {On}" : $"{string.Join(", ", Excess)} on {On}";

    [GeneratedRegex("""`(?:[^`]|``)*`|'(?:[^'\\]|''|\\.)*'|"(?:[^"]|"")*" """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\s*\([^)]*\)")]
    private static partial Regex Columns();
}
