namespace AffiliateSidecar.ProvingGround;

/// <summary>What a detector must not read, and its judge must.</summary>
public sealed record ProgramTruth(string Name, DateOnly Start, int Days, IReadOnlyList<Member> Members,
    IReadOnlyList<Label> Labels, IReadOnlyList<Loss> Losses, IReadOnlyDictionary<string, string> Archetypes);

public sealed record Member(string Id, DateOnly JoinedAt);

/// <summary>What a detector says. Rows with the same <paramref name="Message"/> are one message to the owner.</summary>
/// <param name="IsMessage">False for a row that only ranks its affiliate.</param>
public sealed record Alert(string Affiliate, DateTime DetectedAt, double Score, string Reason, bool IsMessage = true, string? Message = null);

public sealed record Judged(ProgramTruth Truth, IReadOnlyList<Alert> Alerts);
