using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using AffiliateSidecar.Insights;
using AffiliateSidecar.Storage;
using AffiliateSidecar.Tracking;
using LinqToDB;

namespace AffiliateSidecar.Site;

/// <summary>
/// Counts how often the signup page is opened and its form begun: a number a day, door and language, and nothing of the visitor. Kept for half a minute before it is written:
/// a page must not wait for the database, and a lost half minute of visits is nobody's money.
/// </summary>
sealed partial class FunnelCounter(Database database, Agents agents, TimeProvider clock, ILogger<FunnelCounter> log) : BackgroundService
{
    static readonly TimeSpan Turn = TimeSpan.FromSeconds(30);

    // Whoever invents sources would else fill the memory.
    const int MostDoors = 1000;

    readonly ConcurrentDictionary<(DateTimeOffset Day, string Step, string Source, string Locale), long> counts = new();

    public void Count(string step, string? source, string locale)
    {
        var key = (new DateTimeOffset(clock.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero), step, source ?? "", locale);
        if (counts.Count < MostDoors || counts.ContainsKey(key))
            counts.AddOrUpdate(key, 1, (_, n) => n + 1);
    }

    /// <summary>A page of the site was asked for; whether a person has got it.</summary>
    public async Task SeeAsync(HttpContext http, RequestDelegate next)
    {
        await next(http);
        if (SignupPath().Match(http.Request.Path.Value ?? "") is { Success: true } page && HttpMethods.IsGet(http.Request.Method) && http.Response.StatusCode is 200 or 304
            && ClickFlag.Of(http.Request, agents.Find(http.Request.Headers.UserAgent)) == ClickFlag.None)
            Count(FunnelStep.Visit, SignupSource.OfQuery(http.Request.Query), page.Groups[1].Value);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Turn, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            await WriteAsync(stoppingToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await WriteAsync(CancellationToken.None);
    }

    async Task WriteAsync(CancellationToken cancel)
    {
        var taken = counts.Keys.Order().Select(k => (Key: k, Count: counts.TryRemove(k, out var n) ? n : 0)).Where(c => c.Count > 0).ToList();
        if (taken.Count == 0)
            return;
        try
        {
            await database.WriteAsync(async (db, token) =>
            {
                foreach (var ((day, step, source, locale), n) in taken)
                    await db.FunnelDays.InsertOrUpdateAsync(() => new FunnelDayRow { Day = day, Step = step, Source = source, Locale = locale, Count = n }, d => new FunnelDayRow { Day = d.Day, Step = d.Step, Source = d.Source, Locale = d.Locale, Count = d.Count + n }, token);
            }, cancel);
        }
        catch (Exception e) when (Database.IsUnavailable(e))
        {
            foreach (var (key, n) in taken)
                counts.AddOrUpdate(key, n, (_, more) => more + n);
            LogUnavailable(e.Message);
        }
    }

    [GeneratedRegex("^/([a-z]{2,3})/signup/(index\\.html)?$")]
    private static partial Regex SignupPath();

    [LoggerMessage(Level = LogLevel.Warning, Message = "Counts of the signup page have to wait for the database: {Reason}")]
    partial void LogUnavailable(string reason);
}
