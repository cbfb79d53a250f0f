using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AffiliateSidecar.Commissions;

/// <summary>The program's rules as data. A version never changes: an order keeps the one it was first seen under.</summary>
public sealed record RuleSet
{
    /// <summary>The newest layout of rule files that this program understands.</summary>
    internal const int KnownFormat = 1;

    /// <summary>Layout of this file; a larger number comes from a newer version of the program and is refused.</summary>
    [DefaultValue(KnownFormat)]
    public int Format { get; init; } = KnownFormat;

    /// <summary>Counts up with every change; left out in a request.</summary>
    public int Version { get; init; }

    public ProgramPolicy Program { get; init; } = new();

    /// <summary>
    /// The rule with the most specific scope decides a line; of several, the one with the later <c>effective_from</c>; of those, the earlier in
    /// this list.
    /// </summary>
    [MinLength(1), MaxLength(200)]
    public IReadOnlyList<RuleData> Rules { get; init; } = [new RuleData { Id = "program", Kind = "percent", Rate = new(10) }];
}
