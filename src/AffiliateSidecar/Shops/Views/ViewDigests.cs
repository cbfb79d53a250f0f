using System.Security.Cryptography;
using System.Text;
using AffiliateSidecar.Shops.Reading;

namespace AffiliateSidecar.Shops.Views;

/// <summary>What orders amount to: the order's own row, and sums and hashes that the database makes over the rest.</summary>
static class ViewDigests
{
    /// <summary>For rows that have at least the columns of <see cref="ViewColumns.OfOrderDigest"/>, all of one snapshot.</summary>
    public static async Task<List<OrderDigest>> OfAsync(ViewQueries queries, SqlViews views, IReadOnlyList<ViewRow> orders, CancellationToken cancel)
    {
        var found = new List<OrderDigest>(orders.Count);
        foreach (var chunk in orders.Chunk(ViewReader.Chunk))
        {
            string[] ids = [.. chunk.Select(o => o.Id("external_id")!)];
            var lines = await SumsAsync(views.Lines, ViewColumns.Lines);
            var refunds = await SumsAsync(views.Refunds, ViewColumns.Refunds);
            var refundLines = views.RefundLines is null ? null : await SumsAsync(views.RefundLines, ViewColumns.RefundLines);
            found.AddRange(chunk.Select((order, i) => Of(ids[i], order, lines[ids[i]], refunds[ids[i]], refundLines?[ids[i]] ?? [])));

            async Task<ILookup<string?, ViewRow>> SumsAsync(SqlView view, string kind) =>
                (await queries.ChecksumsAsync(view, kind, ids, cancel)).ToLookup(r => r.Id("order_id"), StringComparer.Ordinal);
        }
        return found;
    }

    static OrderDigest Of(string id, ViewRow order, IEnumerable<ViewRow> lines, IEnumerable<ViewRow> refunds, IEnumerable<ViewRow> refundLines)
    {
        var text = new StringBuilder();
        // The change's time is a member of its own.
        foreach (var column in ViewColumns.OfOrderDigest.Where(c => c != "updated_at"))
            text.Append(order.Raw(column)).Append('|');
        foreach (var rows in new[] { lines, refunds, refundLines })
            text.AppendJoin(',', rows.Select(r => $"{r.Raw("n")}:{r.Raw("checksum")}")).Append('|');
        return new(id,
            Cut(ViewOrder.StatusOf(order.Text("status") ?? ""), 40),
            Cut((order.Text("currency") ?? "").ToUpperInvariant(), 10),
            order.AmountOrZero("total"),
            refunds.Sum(r => (int)r.AmountOrZero("n")),
            refunds.Sum(r => r.AmountOrZero("amount")),
            order.Utc("updated_at"),
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, 10)));
    }

    static string Cut(string text, int longest) => text.Length <= longest ? text : text[..longest];
}
