using LinqToDB.Mapping;

namespace AffiliateSidecar.Storage;

/// <summary>What was decided by a button of the digest.</summary>
[Table("afs_decisions", IsColumnAttributeRequired = false)]
sealed record DecisionRow
{
    [PrimaryKey, Identity] public int Id { get; init; }
    public required string Kind { get; init; }
    public required string Subject { get; init; }
    public required string Answer { get; init; }
    public required string Title { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>What it takes to undo it.</summary>
    public string? Note { get; init; }
    public DateTimeOffset? UndoneAt { get; init; }
}

/// <summary>A partner who was asked whether he is still there.</summary>
[Table("afs_wakes", IsColumnAttributeRequired = false)]
sealed record WakeRow
{
    [PrimaryKey] public required int PartnerId { get; init; }

    /// <summary>0: he has answered, and has peace for a while.</summary>
    public required int Mails { get; init; }
    public required DateTimeOffset FirstAt { get; init; }
    public required DateTimeOffset LastAt { get; init; }

    /// <summary>When his links come to rest, unless something happens before.</summary>
    public DateTimeOffset? RetireAt { get; init; }
}
