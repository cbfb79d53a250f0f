namespace AffiliateSidecar.Messages;

/// <summary>Where a mail is.</summary>
static class MailStatus
{
    public const string
        Queued = "queued",
        // Everything but the last dot is with the server. Whoever finds it so much later does not know whether the dot arrived.
        Sending = "sending",
        Sent = "sent",
        // The server may have it: the connection or this program broke off between the last dot and the answer.
        Unconfirmed = "unconfirmed",
        Failed = "failed",
        // Unsubscribed, bounced, or taken back before its turn.
        Skipped = "skipped";
}

/// <summary>What partners can unsubscribe from, each for itself.</summary>
static class MailTopic
{
    public const string News = "news", Webinars = "webinars", Reminders = "reminders", Posts = "posts";

    public static readonly IReadOnlyList<string> All = [News, Webinars, Reminders, Posts];
}
