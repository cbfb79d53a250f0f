using AffiliateSidecar.Messages;
using AffiliateSidecar.Messages.Kits;
using AffiliateSidecar.Partners;
using AffiliateSidecar.Storage;
using AffiliateSidecar.Templates;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Site;

/// <summary>
/// In the first days of a month: a post for every partner to publish, in his language, with his recruiting link and what the live rules pay. Where the site has no address there is nothing to
/// lead to, and nothing is sent.
/// </summary>
sealed partial class JoinPosts(SiteBuilder builder, SiteSettings site, MailSettings mail, MailTexts texts, PartnerKits kits, Outbox outbox, Database database, TimeProvider clock, ILogger<JoinPosts> log) : Rounds(TimeSpan.FromMinutes(10), clock, log)
{
    const string Done = "join-posts";
    const int LastDay = 7, Hour = 8, PageSize = 1000;

    protected override string What => "The month's post";

    protected override bool IsOn => mail.MonthlyPost && site.BaseUrl is not null;

    protected override async Task RoundAsync(CancellationToken cancel)
    {
        var now = Clock.GetUtcNow().UtcDateTime;
        var month = $"{now:yyyy-MM}";
        await using var db = database.Open();
        if (now.Day > LastDay || now.Hour < Hour || await db.Settings.AnyAsync(s => s.Name == Done && s.Value == month, cancel))
            return;
        var queued = await QueueAsync(db, $"join-post:{month}", cancel);
        await database.WriteAsync(async (writer, token) =>
        {
            await writer.Settings.DeleteAsync(s => s.Name == Done, token);
            await writer.InsertAsync(new SettingRow { Name = Done, Value = month }, token: token);
        }, cancel);
        LogQueued(queued);
    }

    /// <summary>Whoever dies on the way begins anew: an address gets one mail of a month.</summary>
    async Task<int> QueueAsync(SidecarDb db, string cause, CancellationToken cancel)
    {
        var model = await builder.ModelAsync(cancel);
        var (queued, last) = (0, 0);
        while (await db.Partners.Where(p => p.Id > last && p.Status == PartnerStatus.Approved).OrderBy(p => p.Id).Take(PageSize).ToListAsync(cancel) is [.., var end] page)
        {
            last = end.Id;
            queued += await database.WriteAsync((writer, token) => outbox.QueueManyAsync(writer, cause, page.Select(p => LetterOf(p, model, cause)), token), cancel);
        }
        return queued;
    }

    Letter LetterOf(PartnerRow partner, SiteModel model, string cause)
    {
        var language = texts.LanguageOf(partner.Locale);
        var words = new Wording(language, model.Facts(language, mail.Shop));
        return Letter.To(partner, "mail/join-post", cause,
            new { Post = words["mail.join.post"], Link = kits.RecruitingLinkOf(partner.Code, language), Recruiting = model.Rules.Recruiting is { } recruiting ? new RuleWords(language, model.Rules.Program).Of(recruiting) : null }, MailTopic.Posts);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The month's post is queued for {Partners} partners.")]
    partial void LogQueued(int partners);
}
