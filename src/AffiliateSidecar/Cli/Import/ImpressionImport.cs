using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;

namespace AffiliateSidecar.Cli.Import;

sealed record ImpressionLine(DateTimeOffset Hour, int PartnerId, string Link, long Impressions);

/// <summary><c>impressions.csv</c>: hourly counts. An hour that has a count already keeps it.</summary>
sealed class ImpressionImport(ImportedPartners partners, Database database, TimeProvider clock)
    : FileImport<ImpressionLine>("impressions", ["hour", "affiliate", "link", "impressions"])
{
    static readonly BulkCopyOptions ManyRows = new() { BulkCopyType = BulkCopyType.MultipleRows, MaxBatchSize = 1000 };

    protected override ImpressionLine Parse(CsvFile row) =>
        new(UnixTime.Hour(row.Time("hour")), partners.Find(row.Required("affiliate", 60)), row.Text("link", 60), row.Count("impressions"));

    protected override async Task<BatchOutcome> StoreAsync(IReadOnlyList<Numbered<ImpressionLine>> batch, CancellationToken cancel)
    {
        await partners.AddLinksAsync(batch.Select(b => (b.Value.PartnerId, b.Value.Link)), clock.GetUtcNow(), cancel);
        var rows = batch.Select(b => new ImpressionsHourlyRow
        {
            PartnerId = b.Value.PartnerId, LinkId = partners.Link(b.Value.PartnerId, b.Value.Link), Hour = b.Value.Hour, Impressions = b.Value.Impressions,
        }).DistinctBy(r => (r.PartnerId, r.LinkId, r.Hour)).ToList();
        var (first, last) = (rows.Min(r => r.Hour), rows.Max(r => r.Hour));
        return new(await database.WriteAsync(async (db, token) =>
        {
            var there = (await db.ImpressionsHourly.Where(i => i.Hour >= first && i.Hour <= last)
                .Select(i => new { i.PartnerId, i.LinkId, i.Hour }).ToListAsync(token)).Select(i => (i.PartnerId, i.LinkId, i.Hour)).ToHashSet();
            var added = rows.Where(r => !there.Contains((r.PartnerId, r.LinkId, r.Hour))).ToList();
            if (added.Count > 0)
                await db.BulkCopyAsync(ManyRows, added, token);
            return added.Count;
        }, cancel));
    }
}
