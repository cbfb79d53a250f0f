using LinqToDB.Mapping;

namespace AffiliateSidecar.Storage;

/// <summary>One mail to one recipient. The same cause reaches an address once.</summary>
[Table("afs_mails", IsColumnAttributeRequired = false)]
sealed record MailRow
{
    /// <summary>Served as <c>mal_…</c>.</summary>
    [PrimaryKey, Identity] public int Id { get; init; }

    /// <summary>Why it is sent, such as <c>signup:prt_…</c>; with the address the key against doubles.</summary>
    public required string Cause { get; init; }

    /// <summary>In lower case.</summary>
    public required string Address { get; init; }
    public string? Name { get; init; }
    public int? PartnerId { get; init; }
    public required string Locale { get; init; }

    /// <summary>What can be unsubscribed from; null: concerns the recipient's own account, and is sent whatever he has unsubscribed from.</summary>
    public string? Topic { get; init; }

    /// <summary>Such as <c>mail/test</c>, of which there is an .html and a .txt.</summary>
    public required string Template { get; init; }

    /// <summary>The template's values as JSON; forgotten when the mail has ended.</summary>
    public string? Model { get; init; }
    public string? ReplyTo { get; init; }
    public string? InReplyTo { get; init; }

    /// <summary>Without angle brackets; the same at each try.</summary>
    public required string MessageId { get; init; }

    /// <summary>queued → sending → sent, or one of the other ends.</summary>
    public required string Status { get; init; }

    /// <summary>Lower ones first: nobody waits for his own mail behind a broadcast.</summary>
    public required int Urgency { get; init; }
    public required DateTimeOffset DueAt { get; init; }

    /// <summary>How often the server has put it off.</summary>
    public int Attempts { get; init; }
    public string? Problem { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When all of it but the last dot was with the server.</summary>
    public DateTimeOffset? HandedAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
}

/// <summary>Mail that an address does not get.</summary>
[Table("afs_mail_stops", IsColumnAttributeRequired = false)]
sealed record MailStopRow
{
    /// <summary>Keyed hash, so that a person can be erased and stay unsubscribed.</summary>
    [PrimaryKey(0)] public required string AddressKey { get; init; }

    /// <summary>A topic; <c>*</c>: every topic; empty: every mail.</summary>
    [PrimaryKey(1)] public required string Topic { get; init; }
    public required string Reason { get; init; }
    public string? Detail { get; init; }
    public required DateTimeOffset At { get; init; }
}

/// <summary>One message to many partners, as the owner wrote it, and how far its mails are queued.</summary>
[Table("afs_broadcasts", IsColumnAttributeRequired = false)]
sealed record BroadcastRow
{
    /// <summary>Served as <c>bct_…</c>.</summary>
    [PrimaryKey, Identity] public int Id { get; init; }
    public required string Topic { get; init; }

    /// <summary>JSON: subject and text by language.</summary>
    public required string Contents { get; init; }

    /// <summary>JSON: to whom.</summary>
    public required string Audience { get; init; }

    /// <summary>JSON: what it invites to; null: nothing.</summary>
    public string? Webinar { get; init; }

    /// <summary>How often the invitation has been changed: calendars go by it.</summary>
    public int Sequence { get; init; }
    public int? RatePerMinute { get; init; }

    /// <summary>draft → scheduled → sending, or cancelled.</summary>
    public required string Status { get; init; }
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>Mails are queued for partners up to this number.</summary>
    public int LastPartner { get; init; }

    /// <summary>So many mails so far.</summary>
    public int Queued { get; init; }

    /// <summary>JSON: for how many partners none was queued, by reason.</summary>
    public string LeftOut { get; init; } = "{}";

    /// <summary>When the last mail was queued; null: more may come.</summary>
    public DateTimeOffset? QueuedAt { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
    public required string Actor { get; init; }
}
