using System.Data.Common;
using AffiliateSidecar.Shops.Reading;
using LinqToDB;
using LinqToDB.Data;

namespace AffiliateSidecar.Shops.WooCommerce.Tables;

/// <summary>
/// A table of metas. It lies in the order in which metas were written, and those of neighbouring orders were mostly written one after another: where
/// many are asked for, the stretch with most of them is read through, which takes a third of looking each one up. What lies elsewhere is looked up.
/// </summary>
sealed record MetaTable(string Name, string Id, string Owner)
{
    /// <summary>Fewer owners are looked up: what is asked for every minute and on deliveries stays as cheap as it is.</summary>
    const int Few = 64;

    /// <param name="money">Those of the keys that move money.</param>
    public async Task<List<MetaRow>> ReadAsync(
        ShopDb db, IReadOnlyCollection<ulong> owners, IReadOnlyList<string> keys, IReadOnlyList<string> money, CancellationToken cancel)
    {
        var rows = new List<MetaRow>();
        foreach (var some in owners.Order().Chunk(ShopQueries.Most))
        {
            var spans = some.Length < Few ? [] : await SpansAsync(db, some, cancel);
            if (MetaStretch.Of(spans) is not { } stretch)
            {
                rows.AddRange(await QueryAsync(some, "", ""));
                continue;
            }
            DataParameter[] ends = [new("first", stretch.First, DataType.UInt64), new("last", stretch.Last, DataType.UInt64)];
            rows.AddRange(await QueryAsync(some, "FORCE INDEX (PRIMARY)", $"m.{Id} BETWEEN @first AND @last AND", ends));
            var partly = spans.Where(s => s.First < stretch.First || s.Last > stretch.Last).Select(s => s.Owner).ToList();
            rows.AddRange(await QueryAsync(partly, "IGNORE INDEX (PRIMARY)", $"(m.{Id} < @first OR m.{Id} > @last) AND", ends));
        }
        return rows;

        Task<List<MetaRow>> QueryAsync(IReadOnlyCollection<ulong> some, string index, string where, params DataParameter[] ends)
        {
            var (keyList, keyNames) = OrderTables.Keys(keys);
            var (moneyList, moneyNames) = ReferenceEquals(keys, money) ? ("", []) : OrderTables.Keys(money, "money");
            return db.QueryAsync(some, within => $"""
                SELECT m.{Id}, m.{Owner}, m.meta_key, m.meta_value, {(moneyList == "" ? "1" : $"m.meta_key {moneyList}")}
                FROM {Name} m {index} WHERE {where} m.{Owner} {within} AND m.meta_key {keyList}
                """, Row, cancel, [.. keyNames, .. moneyNames, .. ends]);
        }
    }

    /// <summary>From the index alone.</summary>
    Task<List<MetaSpan>> SpansAsync(ShopDb db, IReadOnlyCollection<ulong> owners, CancellationToken cancel) => db.QueryAsync(owners, within =>
        $"SELECT m.{Owner}, MIN(m.{Id}), MAX(m.{Id}), COUNT(*) FROM {Name} m WHERE m.{Owner} {within} GROUP BY m.{Owner}",
        r => new MetaSpan(r.GetFieldValue<ulong>(0), r.GetFieldValue<ulong>(1), r.GetFieldValue<ulong>(2), r.GetFieldValue<ulong>(3)), cancel);

    static MetaRow Row(DbDataReader reader) => new(reader.GetFieldValue<ulong>(0), reader.GetFieldValue<ulong>(1),
        reader.GetString(2), reader.IsDBNull(3) ? null : reader.GetString(3), reader.GetInt64(4) != 0);
}
