using System.ComponentModel.DataAnnotations;
using AffiliateSidecar.Http;
using AffiliateSidecar.Storage;

namespace AffiliateSidecar.Messages;

/// <summary>Which mails are listed.</summary>
public sealed record MailFilter
{
    [OneOf(MailStatus.Queued, MailStatus.Sending, MailStatus.Sent, MailStatus.Unconfirmed, MailStatus.Failed, MailStatus.Skipped)]
    public string? Status { get; init; }

    /// <summary>Mails to this partner.</summary>
    public string? Partner { get; init; }
}

/// <summary>One mail to one recipient.</summary>
public sealed record MailView
{
    /// <example>mal_0000001g</example>
    public required string Id { get; init; }

    /// <summary>Why it is sent; an address gets one mail of the same cause.</summary>
    /// <example>test:01jd</example>
    public required string Cause { get; init; }

    /// <example>sara@example.com</example>
    public required string Address { get; init; }

    /// <summary>Null where the recipient is no partner.</summary>
    public string? Partner { get; init; }

    /// <example>mail/test</example>
    public required string Template { get; init; }

    /// <summary>What can be unsubscribed from; null for a mail about the recipient's own account.</summary>
    /// <example>news</example>
    public string? Topic { get; init; }

    /// <summary><c>queued</c>, <c>sending</c>, <c>sent</c>, <c>failed</c>, <c>skipped</c> (unsubscribed, bounced, taken back), or <c>unconfirmed</c>: the connection broke off before the server's answer.</summary>
    /// <example>sent</example>
    public required string Status { get; init; }

    /// <summary>Why it waits or has failed.</summary>
    /// <example>550 5.1.1 No such user.</example>
    public string? Problem { get; init; }

    /// <summary>Not sent before.</summary>
    public required DateTimeOffset DueAt { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }

    internal static MailView Of(MailRow row) => new()
    {
        Id = PublicId.Of(PublicId.Mail, row.Id), Cause = row.Cause, Address = row.Address, Partner = row.PartnerId is { } partner ? PublicId.Of(PublicId.Partner, partner) : null,
        Template = row.Template, Topic = row.Topic, Status = row.Status, Problem = row.Problem, DueAt = row.DueAt, CreatedAt = row.CreatedAt, EndedAt = row.EndedAt,
    };
}

/// <summary>Whose address it is about.</summary>
public sealed record AddressQuery
{
    [Required, EmailAddress, MaxLength(254)]
    public required string Address { get; init; }
}

/// <summary>A report of a mail service.</summary>
public sealed record NewMailStop
{
    /// <example>sara@example.com</example>
    [EmailAddress, MaxLength(254)]
    public required string Address { get; init; }

    /// <summary><c>bounced</c> and <c>complained</c> stop every mail, <c>unsubscribed</c> those of every topic.</summary>
    [OneOf(MailStops.Bounced, MailStops.Complained, MailStops.Unsubscribed)]
    public required string Reason { get; init; }

    /// <summary>What the service says.</summary>
    /// <example>550 5.1.1 No such user.</example>
    [MaxLength(500)]
    public string? Detail { get; init; }
}

/// <summary>What an address does not get.</summary>
public sealed record MailStopList(IReadOnlyList<MailStopView> Data, string? NextCursor);

/// <summary>One of these.</summary>
/// <param name="Topic">A topic; <c>*</c>: all of them; null: every mail.</param>
/// <param name="Reason"><c>unsubscribed</c>, <c>bounced</c> or <c>complained</c>.</param>
/// <param name="Detail">What the mail service or the server has said.</param>
/// <param name="At">Since when.</param>
/// <example>{"topic":"news","reason":"unsubscribed","detail":null,"at":"2026-11-26T10:00:00Z"}</example>
public sealed record MailStopView(string? Topic, string Reason, string? Detail, DateTimeOffset At)
{
    internal static MailStopView Of(MailStopRow row) => new(row.Topic.Length == 0 ? null : row.Topic, row.Reason, row.Detail, row.At);
}
