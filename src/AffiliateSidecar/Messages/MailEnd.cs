using AffiliateSidecar.Storage;
using LinqToDB;
using MailKit.Net.Smtp;

namespace AffiliateSidecar.Messages;

/// <summary>What became of one try to send a mail.</summary>
/// <param name="Status"><see cref="MailStatus.Queued"/>: another try, at <paramref name="Again"/>.</param>
/// <param name="Bounced">The address is not written to again.</param>
sealed record MailEnd(string Status, string? Problem = null, DateTimeOffset? Again = null, bool Bounced = false)
{
    static readonly TimeSpan ShortestPause = TimeSpan.FromMinutes(1), LongestPause = TimeSpan.FromHours(2);

    // Five days with these pauses: as long as mail servers usually try.
    const int MostAttempts = 66;

    /// <summary>What an answer of the server means for this mail; null: it says nothing of this mail, but of us.</summary>
    public static MailEnd? Of(SmtpCommandException answer, MailRow mail, DateTimeOffset now)
    {
        var problem = MailLine.Sentence(answer);
        var final = (int)answer.StatusCode >= 500;
        return answer.ErrorCode switch
        {
            SmtpErrorCode.RecipientNotAccepted when final => new(MailStatus.Failed, problem, Bounced: !IsPolicy(answer)),
            SmtpErrorCode.MessageNotAccepted when final => new(MailStatus.Failed, problem),
            SmtpErrorCode.RecipientNotAccepted or SmtpErrorCode.MessageNotAccepted => Later(mail, problem, now),
            _ => null,
        };
    }

    /// <summary>Another try, after a pause that doubles each time. That no server could be reached is no try.</summary>
    static MailEnd Later(MailRow mail, string problem, DateTimeOffset now) => mail.Attempts >= MostAttempts
        ? new(MailStatus.Failed, $"The server has put it off for five days. {problem}")
        : new(MailStatus.Queued, problem, now + TimeSpan.FromTicks(Math.Min(LongestPause.Ticks, ShortestPause.Ticks << Math.Min(mail.Attempts, 10))));

    /// <summary>Enhanced status 5.7.x (RFC 3463): the server does not let us, whoever the recipient is. That is no reason to call his address dead.</summary>
    static bool IsPolicy(SmtpCommandException answer) => answer.Message.StartsWith("5.7.", StringComparison.Ordinal) || answer.Message.Contains("relay", StringComparison.OrdinalIgnoreCase);

    /// <summary>Write it down.</summary>
    public async Task SaveAsync(SidecarDb db, MailRow mail, MailStops stops, DateTimeOffset now, CancellationToken cancel)
    {
        var ends = Status != MailStatus.Queued;
        await db.Mails.Where(m => m.Id == mail.Id && m.EndedAt == null)
            .Set(m => m.Status, Status).Set(m => m.Problem, Problem is { Length: > 500 } ? Problem[..500] : Problem).Set(m => m.Attempts, mail.Attempts + 1)
            .Set(m => m.DueAt, Again ?? mail.DueAt).Set(m => m.EndedAt, ends ? now : null).Set(m => m.Model, ends && Status != MailStatus.Failed ? null : mail.Model).UpdateAsync(cancel);
        if (Bounced)
            await stops.AddAsync(db, stops.KeyOf(mail.Address), MailStops.Everything, MailStops.Bounced, Problem, cancel);
    }
}
