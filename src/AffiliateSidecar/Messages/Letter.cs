using AffiliateSidecar.Storage;

namespace AffiliateSidecar.Messages;

/// <summary>A mail as a feature asks for it.</summary>
sealed record Letter
{
    /// <summary>Such as <c>mail/test</c>: <c>templates/mail/test.html</c>, whose front matter has the subject, and <c>test.txt</c>.</summary>
    public required string Template { get; init; }

    /// <summary>Why, such as <c>signup:prt_…</c>: an address gets one mail of the same cause, however often it is asked for.</summary>
    public required string Cause { get; init; }

    /// <summary>Null where the person has none: nothing is queued.</summary>
    public required string? Address { get; init; }
    public string? Name { get; init; }
    public int? PartnerId { get; init; }
    public required string Locale { get; init; }

    /// <summary>One of <see cref="MailTopic"/>; null: concerns the recipient's own account and cannot be unsubscribed from.</summary>
    public string? Topic { get; init; }

    /// <summary>The template's values: texts, numbers, times, <see cref="Money"/>, lists and objects of these, with members in snake_case.</summary>
    public object? Model { get; init; }

    /// <summary>Null: the one of the configuration.</summary>
    public string? ReplyTo { get; init; }

    /// <summary>Message-ID of what is answered, without brackets.</summary>
    public string? InReplyTo { get; init; }

    /// <summary>Not before; null: at once.</summary>
    public DateTimeOffset? DueAt { get; init; }

    public static Letter To(PartnerRow partner, string template, string cause, object? model = null, string? topic = null) => new()
    {
        Template = template, Cause = cause, Address = partner.Email, Name = partner.Name, PartnerId = partner.Id, Locale = partner.Locale, Topic = topic, Model = model,
    };
}
