using System.Data.Common;
using LinqToDB.Data;

namespace AffiliateSidecar.Shops.Reading.Findings;

/// <summary>How many orders there are to be read, and how new: whoever knows the shop sees at once whether it is the right one.</summary>
static class OrderCount
{
    /// <param name="table">Quoted.</param>
    /// <param name="condition">SQL.</param>
    /// <param name="placed">The column with the time of the order, UTC; null where there is none of a known kind.</param>
    /// <returns>Null where there are too many to count now.</returns>
    public static async Task<long?> RunAsync(Examination examination, ShopDb db, string table, string condition, string? placed, CancellationToken cancel)
    {
        try
        {
            var count = await db.ExecuteAsync<long>($"SELECT COUNT(*) FROM {table} WHERE {condition}", cancel);
            // A zero date, which a shop may have, is none in .NET.
            var newest = placed is null || count == 0 ? null
                : await db.ExecuteAsync<string?>($"SELECT DATE_FORMAT(MAX({placed}), '%Y-%m-%d %H:%i') FROM {table} WHERE {condition}", cancel);
            examination.Well("orders", count == 0 ? "There is no order yet."
                : $"{count:#,0} {(count == 1 ? "order" : "orders")} can be read{(newest is null ? "" : $"; the newest was placed at {newest} UTC")}.");
            return count;
        }
        catch (DbException e) when (TableCheck.IsTimeout(e))
        {
            examination.Well("orders", "There are more orders than can be counted in three seconds.");
            return null;
        }
    }
}
