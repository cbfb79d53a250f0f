using AffiliateSidecar.Insights.Segments;
using AffiliateSidecar.Ledger;
using AffiliateSidecar.Orders;
using AffiliateSidecar.Storage;
using AffiliateSidecar.Templates;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Insights;

/// <summary>Whom to talk to this week: at most three, with a reason and something to say.</summary>
sealed class TalkList(Database database, TemplateFiles files, TimeProvider clock)
{
    public const int Most = 3;

    /// <summary>What becomes of an entry.</summary>
    public const string Listed = "listed", Done = "done", Snoozed = "snoozed", Note = "note";

    /// <summary>Whoever was talked to has peace for so long.</summary>
    const int RestDays = 30;

    /// <summary>The entries of this week. The first time they are asked for in a week they are chosen; who is done or snoozed makes no room for another.</summary>
    public async Task<IReadOnlyList<Talk>> ThisWeekAsync(CancellationToken cancel)
    {
        var monday = Monday(clock.GetUtcNow());
        var rows = await database.WriteAsync(async (db, token) =>
        {
            var listed = await db.Talks.Where(t => t.What == Listed && t.Until == monday.AddDays(7)).OrderBy(t => t.Id).ToListAsync(token);
            if (listed.Count > 0 || await ChooseAsync(db, monday, token) is not { Count: > 0 } chosen)
                return listed;
            await db.InsertManyAsync(chosen, token);
            return await db.Talks.Where(t => t.What == Listed && t.Until == monday.AddDays(7)).OrderBy(t => t.Id).ToListAsync(token);
        }, cancel);
        await using var reader = database.Open();
        var talks = new List<Talk>();
        foreach (var row in rows.DistinctBy(r => r.PartnerId).Take(Most))
            if (await OfAsync(reader, row, cancel) is { } talk)
                talks.Add(talk);
        return talks;
    }

    static DateTimeOffset Monday(DateTimeOffset now) => new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero).AddDays(-(((int)now.UtcDateTime.DayOfWeek + 6) % 7));

    /// <summary>The most money first: what a fading partner has lost, what a rising one has won, what a silent one of the head brings.</summary>
    static async Task<List<TalkRow>> ChooseAsync(SidecarDb db, DateTimeOffset monday, CancellationToken cancel)
    {
        var rest = monday.AddDays(-RestDays);
        var quiet = (await db.Talks.Where(t => (t.What == Done && t.At >= rest) || (t.What == Snoozed && t.Until > monday)).Select(t => t.PartnerId).ToListAsync(cancel)).ToHashSet();
        var found = await (from s in db.PartnerSegments
                           join f in db.PartnerFigures on s.PartnerId equals f.PartnerId
                           select new { s.Segment, s.Reason, Figures = f }).ToListAsync(cancel);
        return [.. found.Where(f => !quiet.Contains(f.Figures.PartnerId)).Select(f => (f.Figures.PartnerId, f.Segment, f.Reason, Weight: Weight(f.Segment, f.Figures))).Where(f => f.Weight > 0)
            .GroupBy(f => f.PartnerId).Select(g => g.MaxBy(f => f.Weight)).OrderByDescending(f => f.Weight).ThenBy(f => f.PartnerId).Take(Most)
            .Select(f => new TalkRow { PartnerId = f.PartnerId, At = monday, What = Listed, Until = monday.AddDays(7), Note = $"{f.Segment}: {f.Reason}", Actor = "system" })];
    }

    static double Weight(string segment, PartnerFigureRow figures) => segment switch
    {
        BuiltInSegments.Fading => figures.NetBeforeMinor / 2.0 - figures.NetMonthMinor,
        BuiltInSegments.Rising => figures.NetMonthMinor - figures.NetBeforeMinor / 2.0,
        // Nothing has changed: a month's sales are worth less attention than a month's loss.
        BuiltInSegments.Head => figures.NetMinor / 3.0 / 4,
        BuiltInSegments.NoSales => 1,
        _ => 0,
    };

    async Task<Talk?> OfAsync(SidecarDb db, TalkRow row, CancellationToken cancel)
    {
        if (await db.Partners.FirstOrDefaultAsync(p => p.Id == row.PartnerId && p.Status == Partners.PartnerStatus.Approved, cancel) is not { } partner)
            return null;
        var later = await db.Talks.Where(t => t.PartnerId == row.PartnerId && t.At >= row.At && t.What != Listed).OrderBy(t => t.Id).ToListAsync(cancel);
        var (segment, reason) = row.Note!.Split(": ", 2) is [var s, var r] ? (s, r) : (BuiltInSegments.Head, row.Note!);
        var last = later.LastOrDefault(t => t.What != Note);
        return new Talk
        {
            Partner = PublicId.Of(PublicId.Partner, partner.Id), PartnerCode = partner.Code, Name = partner.Name, Segment = segment, Why = reason, Channel = partner.Email is null ? "none" : "email",
            Draft = await DraftAsync(db, partner, segment, cancel), State = last?.What ?? "open", Until = last?.Until, Notes = [.. later.Where(t => t.Note is not null).Select(t => t.Note!)],
        };
    }

    /// <summary>In the partner's language, of facts alone: what sells, where clicks land, what he is owed.</summary>
    async Task<string> DraftAsync(SidecarDb db, PartnerRow partner, string segment, CancellationToken cancel)
    {
        var languages = Language.All(files);
        var language = languages.FirstOrDefault(l => l.Code == partner.Locale.Split('-')[0]) ?? languages[0];
        var since = clock.GetUtcNow().AddDays(-PartnerFigures.Days);
        string T(string key, string value = "") => language.Texts[$"talk.{key}"].Replace("{name}", partner.Name, StringComparison.Ordinal).Replace("{value}", value, StringComparison.Ordinal);
        var lines = new List<string> { T("hello"), T(segment.Replace('-', '_')) };
        if (await BestProductAsync(db, partner.Id, since, cancel) is { } product)
            lines.Add(T("product", product));
        if (await BestPageAsync(db, partner.Id, since, cancel) is { } page)
            lines.Add(T("page", page));
        var owed = await db.AccountsOf(partner.Id).Where(a => a.Account == Account.Approved && a.AmountMinor > 0).ToListAsync(cancel);
        if (owed.Count > 0)
            lines.Add(T("owed", string.Join(", ", owed.OrderBy(o => o.Currency, StringComparer.Ordinal).Select(o => language.Of(new Money(o.AmountMinor, o.Currency))))));
        lines.Add(T("bye"));
        return string.Join("\n\n", lines);
    }

    /// <summary>Of the newest clicks: where most land.</summary>
    static Task<string?> BestPageAsync(SidecarDb db, int partner, DateTimeOffset since, CancellationToken cancel)
    {
        const int Newest = 1_000;
        return db.Clicks.Where(c => c.PartnerId == partner && c.At >= since && c.Flag == "").OrderByDescending(c => c.At).Take(Newest).Where(c => c.Landing != null)
            .GroupBy(c => c.Landing).OrderByDescending(g => g.Count()).ThenBy(g => g.Key).Select(g => g.Key).FirstOrDefaultAsync(cancel);
    }

    /// <summary>Of the newest orders: what sold the most pieces.</summary>
    static async Task<string?> BestProductAsync(SidecarDb db, int partner, DateTimeOffset since, CancellationToken cancel)
    {
        const int Newest = 100;
        var bodies = await db.Orders.Where(o => o.PartnerId == partner && o.PlacedAt >= since).OrderByDescending(o => o.PlacedAt).Take(Newest).Select(o => o.ShopBody ?? o.Body).ToListAsync(cancel);
        return bodies.Where(b => b.Length > 0).SelectMany(b => OrderBody.Read(b).Lines).Where(l => l.Name is not null).GroupBy(l => l.Name!)
            .OrderByDescending(g => g.Sum(l => l.Quantity)).ThenBy(g => g.Key, StringComparer.Ordinal).FirstOrDefault()?.Key;
    }
}

/// <summary>Somebody to talk to.</summary>
public sealed record Talk
{
    public required string Partner { get; init; }
    public required string PartnerCode { get; init; }
    public required string Name { get; init; }

    /// <summary>The segment that brought him here.</summary>
    public required string Segment { get; init; }

    /// <summary>Why, in one sentence.</summary>
    public required string Why { get; init; }

    /// <summary><c>email</c>, or <c>none</c> where no address is known.</summary>
    public required string Channel { get; init; }

    /// <summary>What could be said, in the partner's language.</summary>
    public required string Draft { get; init; }

    /// <summary><c>open</c>, <c>done</c> or <c>snoozed</c>.</summary>
    public required string State { get; init; }

    /// <summary>Until when it is snoozed.</summary>
    public DateTimeOffset? Until { get; init; }
    public required IReadOnlyList<string> Notes { get; init; }
}
