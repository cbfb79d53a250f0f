using AffiliateSidecar.Storage;
using AffiliateSidecar.Tracking;

namespace AffiliateSidecar.Cli.Import;

sealed record ImpressionLine(DateTimeOffset Hour, int PartnerId, string Link, long Impressions);

/// <summary><c>impressions.csv</c>: hourly counts. An hour that has a count already keeps it.</summary>
sealed class ImpressionImport(ImportedPartners partners, Database database, TimeProvider clock)
    : FileImport<ImpressionLine>("impressions", ["hour", "affiliate", "link", "impressions"])
{
    protected override ImpressionLine Parse(CsvFile row) =>
        new(UnixTime.Hour(row.Time("hour")), partners.Find(row.Required("affiliate", 60)), row.Text("link", 60), row.Count("impressions"));

    protected override async Task<BatchOutcome> StoreAsync(IReadOnlyList<Numbered<ImpressionLine>> batch, CancellationToken cancel)
    {
        await partners.AddLinksAsync(batch.Select(b => (b.Value.PartnerId, b.Value.Link)), clock.GetUtcNow(), cancel);
        var rows = batch.GroupBy(b => (b.Value.PartnerId, Link: partners.Link(b.Value.PartnerId, b.Value.Link), b.Value.Hour), (key, same) => (key.PartnerId, key.Link, key.Hour, same.First().Value.Impressions)).ToList();
        return new(await database.WriteAsync(async (db, token) =>
        {
            var added = 0;
            await LinkDays.ChangeAsync(db, rows.GroupBy(r => LinkDays.Key.Of(r.PartnerId, r.Link, r.Hour)), (day, row) =>
            {
                var hour = row.Hour.UtcDateTime.Hour;
                if (day.Impressions(hour) > 0)
                    return;
                day.AddImpressions(hour, row.Impressions);
                added++;
            }, token);
            return added;
        }, cancel));
    }
}
