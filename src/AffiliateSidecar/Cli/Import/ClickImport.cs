using System.Net;
using AffiliateSidecar.Partners;
using AffiliateSidecar.ReferenceData;
using AffiliateSidecar.Storage;
using AffiliateSidecar.Tracking;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Cli.Import;

sealed record ClickLine(string Id, DateTimeOffset At, int PartnerId, string Link, string Visitor, string Network, long? Address, bool IsHosted, bool IsAdvertised, Agent Agent, string? Referrer, string? Landing, string? Country);

/// <summary><c>clicks.csv</c>: flagged as a click on a link would be, stored and counted by the same code.</summary>
sealed class ClickImport(ImportedPartners partners, Database database, Agents agents, Visitors visitors, PersonalData personal, AddressFacts facts, AdClickIds ads, TrackingSettings settings, int windowDays, TimeProvider clock)
    : FileImport<ClickLine>("clicks", ["click_id", "ts", "affiliate", "link", "ip", "user_agent", "referrer", "landing", "country"])
{
    readonly RecentClicks recent = new(settings);

    /// <summary>Told from our own signed click ids at a glance; the same row has the same id whenever it is imported.</summary>
    public static string ClickId(string externalId) => PublicId.Click + "i_" + externalId;

    protected override ClickLine Parse(CsvFile row)
    {
        IPAddress? address = null;
        if (row.Text("ip", 45) is { Length: > 0 } ip && !IPAddress.TryParse(ip, out address))
            throw new BadRowException("ip", "not an address such as 203.0.113.9");
        var agent = agents.Find(row.Cut("user_agent", 2048));
        var landing = StoredText.Of(row.Cut("landing", 2048), 500);
        var fact = address is null ? default : facts.Find(address);
        return new(ClickId(row.Required("click_id", 50)), row.Time("ts"), partners.Find(row.Required("affiliate", 60)), row.Text("link", 60),
            visitors.Hash(address, agent.Text), Visitors.Network(address), personal.AddressKey(address), fact.IsHosting, ads.Find(landing)?.IsPaid == true, agent, StoredText.Of(row.Cut("referrer", 2048), 500), landing,
            row.Country("country") ?? fact.Country);
    }

    protected override async Task<BatchOutcome> StoreAsync(IReadOnlyList<Numbered<ClickLine>> batch, CancellationToken cancel)
    {
        await partners.AddLinksAsync(batch.Select(b => (b.Value.PartnerId, b.Value.Link)), clock.GetUtcNow(), cancel);
        var rows = batch.Select(b => Row(b.Value)).ToList();
        return new(await database.WriteAsync(async (db, token) =>
        {
            var added = await db.InsertNewAsync(rows, token);
            await TellOrdersAsync(db, rows, token);
            return added;
        }, cancel));
    }

    ClickRow Row(ClickLine line)
    {
        var link = partners.Link(line.PartnerId, line.Link);
        return new ClickRow
        {
            Id = line.Id, PartnerId = line.PartnerId, LinkId = link, At = line.At, WindowDays = windowDays, Visitor = line.Visitor,
            Flag = line.Agent.IsBot ? ClickFlag.Bot : recent.Repeats(line.Visitor, line.PartnerId, link, line.At) ? ClickFlag.Duplicate : ClickFlag.None,
            Network = line.Network, UserAgent = line.Agent.Text, Referrer = line.Referrer, Landing = line.Landing, Country = line.Country, Address = line.Address,
            IsHosted = line.IsHosted, IsAdvertised = line.IsAdvertised,
        };
    }

    /// <summary>Orders may have been imported before their clicks: now the time to sale is known.</summary>
    static async Task TellOrdersAsync(SidecarDb db, List<ClickRow> rows, CancellationToken cancel)
    {
        if (!await db.Orders.AnyAsync(o => o.Shop == ImportedOrders.Shop && o.ClickId != null && o.LagSeconds == null, cancel))
            return;
        var clicks = rows.DistinctBy(r => r.Id).ToDictionary(r => r.Id, r => r.At, StringComparer.Ordinal);
        var waiting = await db.Orders.Where(o => o.Shop == ImportedOrders.Shop && o.LagSeconds == null && o.ClickId != null && clicks.Keys.Contains(o.ClickId))
            .Select(o => new { o.Id, o.ClickId, o.PlacedAt }).ToListAsync(cancel);
        foreach (var order in waiting.Where(o => clicks[o.ClickId!] <= o.PlacedAt))
        {
            var lag = (long)(order.PlacedAt - clicks[order.ClickId!]).TotalSeconds;
            await db.Orders.Where(o => o.Id == order.Id).Set(o => o.LagSeconds, lag).UpdateAsync(cancel);
        }
    }
}
