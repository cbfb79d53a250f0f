using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using AffiliateSidecar.Http;
using AffiliateSidecar.Partners;
using AffiliateSidecar.Storage;

namespace AffiliateSidecar.Messages.Broadcasts;

/// <summary>A message to many partners, as it is written.</summary>
public sealed record NewBroadcast
{
    /// <summary>What a partner can unsubscribe from: <c>news</c>, <c>webinars</c> or <c>reminders</c>. Left out: <c>news</c>, or <c>webinars</c> where it invites to one.</summary>
    [OneOf(MailTopic.News, MailTopic.Webinars, MailTopic.Reminders)]
    public string? Topic { get; init; }

    /// <summary>Subject and text by language, such as <c>en</c> and <c>fa</c>. A partner whose language is missing gets the English one, or else the first.</summary>
    /// <example>{"en":{"subject":"New mugs, {{ partner.name }}","markdown":"We have **new mugs**. Your link: {{ partner.link }}"}}</example>
    public required IReadOnlyDictionary<string, BroadcastContent> Contents { get; init; }

    /// <summary>To whom; left out: every approved partner.</summary>
    /// <example>{"status":"approved","locale":"en"}</example>
    public BroadcastAudience? Audience { get; init; }

    /// <summary>No more of its mails a minute; left out: as fast as <c>Sidecar:Mail:RatePerMinute</c> lets all mails go, which holds in any case.</summary>
    /// <example>120</example>
    [Range(1, 100_000)]
    public int? RatePerMinute { get; init; }

    /// <summary>Each mail brings an invitation that calendars take.</summary>
    public Webinar? Webinar { get; init; }
}

/// <summary>What a broadcast says in one language: Scriban templates. <c>markdown</c> alone, or <c>html</c> with <c>text</c>.</summary>
public sealed record BroadcastContent
{
    /// <summary>One line.</summary>
    /// <example>New mugs, {{ partner.name }}</example>
    [MaxLength(300)]
    public required string Subject { get; init; }

    /// <summary>The text in Markdown: the mail's HTML is made of it, and where <c>text</c> is left out it is the plain text as it stands.</summary>
    /// <example>We have **new mugs**. Your link: {{ partner.link }}</example>
    [MaxLength(100_000)]
    public string? Markdown { get; init; }

    /// <summary>The text in HTML, without the frame, which comes from <c>templates/mail/broadcast.html</c>.</summary>
    [MaxLength(100_000)]
    public string? Html { get; init; }

    /// <summary>The plain text.</summary>
    [MaxLength(100_000)]
    public string? Text { get; init; }
}

/// <summary>To whom: partners for whom all of it holds.</summary>
public sealed record BroadcastAudience
{
    /// <summary>In this segment, one that everybody has or one of your own.</summary>
    /// <example>dormant</example>
    [MaxLength(60)]
    public string? Segment { get; init; }

    /// <summary>In this group.</summary>
    [MaxLength(100)]
    public string? Group { get; init; }

    /// <summary><c>approved</c>, <c>pending</c>, <c>suspended</c> or <c>rejected</c>; left out: <c>approved</c>.</summary>
    [OneOf(PartnerStatus.Approved, PartnerStatus.Pending, PartnerStatus.Suspended, PartnerStatus.Rejected)]
    public string? Status { get; init; }

    /// <summary>Of this language.</summary>
    [MaxLength(20)]
    public string? Locale { get; init; }
}

/// <summary>A meeting on the web.</summary>
public sealed record Webinar
{
    /// <summary>When it begins.</summary>
    /// <example>2026-12-01T14:30:00Z</example>
    public required DateTimeOffset StartsAt { get; init; }

    /// <summary>After it has started.</summary>
    /// <example>2026-12-01T15:15:00Z</example>
    public required DateTimeOffset EndsAt { get; init; }

    /// <summary>Where one takes part.</summary>
    /// <example>https://meet.example/mugs</example>
    [Url, MaxLength(500)]
    public required string Url { get; init; }

    /// <summary>In which zone the mail names the time; calendars show their reader's own. Left out: UTC.</summary>
    /// <example>Asia/Tehran</example>
    [MaxLength(60)]
    public string? TimeZone { get; init; }
}

/// <summary>When.</summary>
public sealed record BroadcastTime
{
    /// <summary>Not before.</summary>
    public required DateTimeOffset At { get; init; }
}

/// <summary>As whom.</summary>
public sealed record BroadcastPreviewOf
{
    /// <summary>The partner who reads it; left out: the first of those it goes to.</summary>
    /// <example>prt_0000001g</example>
    public string? Partner { get; init; }
}

/// <summary>Whom to send a test.</summary>
public sealed record BroadcastTest
{
    /// <example>me@shop.example</example>
    [EmailAddress, MaxLength(254)]
    public required string Address { get; init; }

    /// <summary>The partner as whom it is read; left out: the first of those it goes to.</summary>
    /// <example>prt_0000001g</example>
    public string? Partner { get; init; }
}

/// <summary>A broadcast as one partner reads it.</summary>
/// <param name="Partner">Who.</param>
/// <param name="Subject">Its subject.</param>
/// <param name="Html">Its HTML, with the frame.</param>
/// <param name="Text">Its plain text.</param>
/// <param name="Calendar">The invitation (RFC 5545); null where it invites to nothing.</param>
public sealed record BroadcastPreview(string Partner, string Subject, string Html, string Text, string? Calendar);

/// <summary>A broadcast, and what has become of its mails.</summary>
public sealed record BroadcastView
{
    /// <example>bct_0000001g</example>
    public required string Id { get; init; }

    /// <summary><c>draft</c>, <c>scheduled</c>, <c>sending</c>, <c>sent</c> or <c>cancelled</c>.</summary>
    public required string Status { get; init; }

    /// <summary><c>news</c>, <c>webinars</c> or <c>reminders</c>.</summary>
    public required string Topic { get; init; }

    /// <summary>Subject and text by language.</summary>
    public required IReadOnlyDictionary<string, BroadcastContent> Contents { get; init; }
    public required BroadcastAudience Audience { get; init; }
    public int? RatePerMinute { get; init; }
    public Webinar? Webinar { get; init; }

    /// <summary>Not sent before; null for a draft.</summary>
    public DateTimeOffset? DueAt { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Partners in the selection as it is now; null in a list.</summary>
    /// <example>120</example>
    public int? Selected { get; init; }
    public required BroadcastCounts Mails { get; init; }

    internal static BroadcastView Of(BroadcastRow row, BroadcastCounts mails, int? selected = null) => new()
    {
        Id = PublicId.Of(PublicId.Broadcast, row.Id), Status = row is { Status: BroadcastStatus.Sending, QueuedAt: not null } && mails.Queued == 0 ? BroadcastStatus.Sent : row.Status,
        Topic = row.Topic, Contents = row.Written(), Audience = row.To(), RatePerMinute = row.RatePerMinute, Webinar = row.Invites(), DueAt = row.DueAt, CreatedAt = row.CreatedAt,
        UpdatedAt = row.UpdatedAt, Selected = selected, Mails = mails,
    };
}

/// <summary>What has become of a broadcast's mails.</summary>
/// <param name="Queued">They wait for their turn.</param>
/// <param name="Sent">The mail server has them.</param>
/// <param name="Unconfirmed">The connection broke off before the server's answer; they are not sent again.</param>
/// <param name="Failed">The server refuses them.</param>
/// <param name="LeftOut">Partners of the selection who get none, by reason.</param>
/// <example>{"queued":80,"sent":37,"unconfirmed":0,"failed":1,"left_out":[{"reason":"unsubscribed","partners":2}]}</example>
public sealed record BroadcastCounts(int Queued, int Sent, int Unconfirmed, int Failed, IReadOnlyList<LeftOut> LeftOut);

/// <summary>Partners who get no mail.</summary>
/// <param name="Reason"><c>unsubscribed</c>, <c>bounced</c>, <c>complained</c>, <c>no_address</c>, <c>same_address</c> (as another partner who gets it) or <c>cancelled</c>.</param>
/// <param name="Partners">How many.</param>
/// <example>{"reason":"unsubscribed","partners":2}</example>
public sealed record LeftOut(string Reason, int Partners);

/// <summary>Where a broadcast is.</summary>
static class BroadcastStatus
{
    public const string Draft = "draft", Scheduled = "scheduled", Sending = "sending", Cancelled = "cancelled";

    /// <summary>Not stored: sending, with nothing left to send.</summary>
    public const string Sent = "sent";
}

/// <summary>What the row keeps as JSON.</summary>
static class BroadcastFacts
{
    public static IReadOnlyDictionary<string, BroadcastContent> Written(this BroadcastRow row) => JsonSerializer.Deserialize<Dictionary<string, BroadcastContent>>(row.Contents, Json.Options)!;

    public static BroadcastAudience To(this BroadcastRow row) => JsonSerializer.Deserialize<BroadcastAudience>(row.Audience, Json.Options)!;

    public static Webinar? Invites(this BroadcastRow row) => row.Webinar is null ? null : JsonSerializer.Deserialize<Webinar>(row.Webinar, Json.Options);

    public static Dictionary<string, int> Skipped(this BroadcastRow row) => JsonSerializer.Deserialize<Dictionary<string, int>>(row.LeftOut)!;

    /// <summary>Of the mails of a broadcast.</summary>
    public static string Cause(this BroadcastRow row) => $"broadcast:{PublicId.Of(PublicId.Broadcast, row.Id)}";
}
