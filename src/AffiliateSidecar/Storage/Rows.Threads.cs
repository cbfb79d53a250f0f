using LinqToDB.Mapping;

namespace AffiliateSidecar.Storage;

/// <summary>A talk with a partner.</summary>
[Table("afs_threads", IsColumnAttributeRequired = false)]
sealed record ThreadRow
{
    /// <summary>Served as <c>thr_…</c>.</summary>
    [PrimaryKey, Identity] public int Id { get; init; }
    public required int PartnerId { get; init; }
    public required string Subject { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The partner's first message that nobody has answered; null: none waits.</summary>
    public DateTimeOffset? WaitingSince { get; init; }
}

/// <summary>What one of the two has said.</summary>
[Table("afs_messages", IsColumnAttributeRequired = false)]
sealed record MessageRow
{
    /// <summary>Served as <c>msg_…</c>.</summary>
    [PrimaryKey, Identity] public int Id { get; init; }
    public required int ThreadId { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary><c>partner</c> or <c>owner</c>.</summary>
    public required string Origin { get; init; }

    /// <summary><c>mail</c>, <c>page</c> or <c>api</c>.</summary>
    public required string Channel { get; init; }
    public required string Actor { get; init; }

    /// <summary>Where a mail came from another address than the partner's own.</summary>
    public string? Sender { get; init; }
    public required string Text { get; init; }

    /// <summary>Attachments that were not kept, and why.</summary>
    public string? LeftOut { get; init; }

    /// <summary>Of a mail that came in: it is taken once.</summary>
    public string? MessageId { get; init; }
}

/// <summary>What was attached to a message.</summary>
[Table("afs_message_files", IsColumnAttributeRequired = false)]
sealed record MessageFileRow
{
    [PrimaryKey, Identity] public int Id { get; init; }
    public required int MessageId { get; init; }
    public required string Name { get; init; }
    public required string Type { get; init; }
    public required int Size { get; init; }
    public required byte[] Content { get; init; }
}
