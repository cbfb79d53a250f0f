using System.Net;
using AffiliateSidecar.Storage;
using AffiliateSidecar.Tracking;

namespace AffiliateSidecar.Cli.Import.Predecessors;

/// <summary>Visits become clicks of the past. The programs keep no user agent, so bots among them cannot be told; repetitions are, as everywhere.</summary>
sealed class VisitTakeover(Takeover takeover, Visitors visitors, TrackingSettings settings, int windowDays)
{
    readonly RecentClicks recent = new(settings);
    readonly HashSet<long> strangers = [];

    public async Task<FileReport> RunAsync(CancellationToken cancel)
    {
        var query = takeover.Program.Visits(takeover.Old.Layout);
        var report = new FileReport("clicks", query.Table);
        await foreach (var page in takeover.Old.PagesAsync<VisitRow>(query, r => r.Id, advance: d => takeover.Progress.Advance(report.Kind, d), cancel: cancel))
        {
            report.Rows += page.Count;
            var clicks = page.Select(row => Click(row, report)).OfType<ClickRow>().ToList();
            report.New += takeover.DryRun ? clicks.Count : await takeover.Database.WriteAsync((db, token) => db.InsertNewAsync(clicks, token), cancel);
        }
        return report;
    }

    ClickRow? Click(VisitRow row, FileReport report)
    {
        try
        {
            var partner = takeover.Partner(row.Affiliate);
            if (PredecessorDb.Time(row.At) is not { } at)
                throw new BadRowException("date", $"'{row.At}' is not a time");
            var id = takeover.Program.ClickId(takeover.Shop, row.Id);
            // Where addresses are not kept, visitors are all different rather than all the same.
            var address = IPAddress.TryParse(row.Ip, out var parsed) ? parsed : null;
            var visitor = visitors.Hash(address, address is null ? id : "");
            return new ClickRow
            {
                Id = id, PartnerId = partner.Id, At = at, WindowDays = windowDays, Visitor = visitor, Network = Visitors.Network(address), UserAgent = "",
                Flag = recent.Repeats(visitor, partner.Id, 0, at) ? ClickFlag.Duplicate : ClickFlag.None,
                Referrer = StoredText.Of(row.Referrer, 500), Landing = StoredText.Of(row.Landing, 500),
            };
        }
        catch (BadRowException e) when (e.Member == "affiliate" && !strangers.Add(row.Affiliate))
        {
            // One line for an affiliate who is gone, not one for each of his visits.
            report.Refused++;
            return null;
        }
        catch (BadRowException e)
        {
            takeover.Progress.Refuse(report, row.Id, e);
            return null;
        }
    }
}
