using AffiliateSidecar.Ledger;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;

namespace AffiliateSidecar.Orders;

/// <summary>The orders that a batch of news is about: read with a few queries, written with a few statements.</summary>
sealed class OrderBatch
{
    readonly Dictionary<(string Shop, string ExternalId), OrderState> states = [];
    readonly List<OrderRow> newOrders = [], changedOrders = [];
    readonly List<CommissionRow> newCommissions = [], changedCommissions = [];
    readonly List<LedgerRow> entries = [];
    readonly List<RuleAmounts> amounts = [];
    bool newsWritten;

    public IEnumerable<OrderState> All => states.Values;

    public OrderState Of(OrderNews news) => states[(news.Shop, news.ExternalId)];

    public OrderState Of(OrderRow row) => states[(row.Shop, row.ExternalId)];

    public static async Task<OrderBatch> LoadAsync(SidecarDb db, IReadOnlyList<OrderNews> news, CancellationToken cancel)
    {
        var batch = new OrderBatch();
        foreach (var shop in Keys(news).GroupBy(k => k.Shop, k => k.ExternalId))
            foreach (var ids in shop.Chunk(500))
                if (await (db.IsSqlite ? TouchOneByOneAsync(db, shop.Key, ids, cancel) : TouchTogetherAsync(db, shop.Key, ids, cancel)))
                    await batch.LoadShopAsync(db, shop.Key, ids, cancel);
                else
                    // A shop's history is read for the first time: there is nothing to be found.
                    foreach (var id in ids)
                        batch.states.Add((shop.Key, id), new OrderState(shop.Key, id, null, null, [], []));
        return batch;
    }

    /// <summary>Without touching anything.</summary>
    public static Task<OrderBatch> ReadAsync(SidecarDb db, IReadOnlyList<OrderNews> news, CancellationToken cancel) => ReadAsync(db, Keys(news), cancel);

    /// <summary>Without touching anything.</summary>
    public static Task<OrderBatch> ReadAsync(SidecarDb db, IReadOnlyList<OrderRow> rows, CancellationToken cancel) =>
        ReadAsync(db, rows.Select(r => (r.Shop, r.ExternalId)), cancel);

    static async Task<OrderBatch> ReadAsync(SidecarDb db, IEnumerable<(string Shop, string ExternalId)> keys, CancellationToken cancel)
    {
        var batch = new OrderBatch();
        foreach (var shop in keys.GroupBy(k => k.Shop, k => k.ExternalId))
            await batch.LoadShopAsync(db, shop.Key, [.. shop], cancel);
        return batch;
    }

    static List<(string Shop, string ExternalId)> Keys(IEnumerable<OrderNews> news) => [.. news.Select(n => (n.Shop, n.ExternalId)).Distinct()
        .OrderBy(k => k.Shop, StringComparer.Ordinal).ThenBy(k => k.ExternalId, StringComparer.Ordinal)];

    /// <summary>
    /// Written before any of them is read, and sorted: whoever waits here then sees what the other has booked, and two batches cannot wait
    /// for each other in a circle. Counting up makes it a change that a cluster certifies.
    /// </summary>
    /// <returns>Whether anybody has spoken of any of them before.</returns>
    static async Task<bool> TouchTogetherAsync(SidecarDb db, string shop, string[] ids, CancellationToken cancel)
    {
        var values = string.Join(',', ids.Select((_, i) => $"(@shop,@e{i},1)"));
        DataParameter[] parameters = [new("shop", shop), .. ids.Select((id, i) => new DataParameter($"e{i}", id))];
        // A new row counts once, a row that was there twice.
        return await db.ExecuteAsync($"insert into afs_order_keys (shop, external_id, touched) values {values} on duplicate key update touched = touched + 1",
            cancel, parameters) != ids.Length;
    }

    /// <summary>SQLite's driver looks every parameter up by its name, from the first one on: a short statement is quicker many times than a long one once.</summary>
    static async Task<bool> TouchOneByOneAsync(SidecarDb db, string shop, string[] ids, CancellationToken cancel)
    {
        await using var command = (await db.OpenDbConnectionAsync(cancel)).CreateCommand();
        command.Transaction = db.Transaction;
        command.CommandText = "insert into afs_order_keys (shop, external_id, touched) values (@shop, @id, 1) "
            + "on conflict (shop, external_id) do update set touched = touched + 1 returning touched";
        command.AddParameter("@shop", shop);
        var parameter = command.AddParameter("@id", null);
        var known = false;
        foreach (var id in ids)
        {
            parameter.Value = id;
            known |= (long)(await command.ExecuteScalarAsync(cancel))! > 1;
        }
        return known;
    }

    async Task LoadShopAsync(SidecarDb db, string shop, string[] ids, CancellationToken cancel)
    {
        foreach (var chunk in ids.Chunk(500))
        {
            var keys = await db.OrderKeys.Where(k => k.Shop == shop && chunk.Contains(k.ExternalId)).ToDictionaryAsync(k => k.ExternalId, cancel);
            var rows = await db.Orders.Where(o => o.Shop == shop && chunk.Contains(o.ExternalId)).ToDictionaryAsync(o => o.ExternalId, cancel);
            var refunds = (await db.Refunds.Where(r => r.Shop == shop && chunk.Contains(r.OrderExternalId)).ToListAsync(cancel)).ToLookup(r => r.OrderExternalId);
            var orderIds = rows.Values.Select(r => r.Id).ToArray();
            var commissions = orderIds.Length == 0
                ? Enumerable.Empty<CommissionRow>().ToLookup(c => c.OrderId)
                : (await db.Commissions.Where(c => orderIds.Contains(c.OrderId)).ToListAsync(cancel)).ToLookup(c => c.OrderId);
            foreach (var id in chunk)
            {
                var row = rows.GetValueOrDefault(id);
                states.Add((shop, id), new OrderState(shop, id, keys.GetValueOrDefault(id), row, refunds[id], row is null ? [] : [.. commissions[row.Id]]));
            }
        }
    }

    /// <summary>What the ledger shows for the orders, by order, partner, currency and account.</summary>
    public static async Task<ILookup<string, Posting>> PostedAsync(SidecarDb db, IEnumerable<OrderState> changed, CancellationToken cancel)
    {
        var postings = new List<(string OrderId, Posting Posting)>();
        foreach (var ids in changed.Where(s => s.Row is not null).Select(s => s.Row!.Id).Chunk(500))
        {
            var sums = await db.Ledger.Where(l => ids.Contains(l.OrderId) && l.Account != Account.Program)
                .GroupBy(l => new { l.OrderId, l.PartnerId, l.Currency, l.Account })
                .Select(g => new { g.Key.OrderId, g.Key.PartnerId, g.Key.Currency, g.Key.Account, Sum = g.Sum(l => l.AmountMinor) }).ToListAsync(cancel);
            postings.AddRange(sums.Select(s => (s.OrderId!, new Posting(s.PartnerId, s.Currency, s.Account, s.Sum))));
        }
        return postings.ToLookup(p => p.OrderId, p => p.Posting);
    }

    public void Save(OrderState state, OrderRow? before, CommissionState commission, IReadOnlyList<LedgerRow> ledger)
    {
        if (before is null)
            newOrders.Add(state.Row!);
        else if (before != state.Row)
            changedOrders.Add(state.Row!);
        if (commission.Row is not null)
        {
            (commission.IsNew ? newCommissions : changedCommissions).Add(commission.Row);
            state.Commissions.RemoveAll(c => c.Id == commission.Row.Id);
            state.Commissions.Add(commission.Row);
        }
        foreach (var other in state.Commissions.Where(c => c.PartnerId != commission.Row?.PartnerId && (c.AmountMinor != 0 || c.Status != CommissionStatus.Reversed)).ToList())
        {
            var reversed = other with { AmountMinor = 0, NetMinor = 0, Status = CommissionStatus.Reversed, UpdatedAt = state.Row!.ReceivedAt };
            changedCommissions.Add(reversed);
            state.Commissions[state.Commissions.IndexOf(other)] = reversed;
        }
        entries.AddRange(ledger);
    }

    public void Save(IReadOnlyList<LedgerRow> ledger) => entries.AddRange(ledger);

    public void Save(RuleAmounts paid) => amounts.Add(paid);

    public void Save(RuleAmountRow paid) => amounts[^1] = amounts[^1] with { Rows = [.. amounts[^1].Rows, paid] };

    /// <summary>The order at that place, also where no news was of it.</summary>
    public async Task<OrderState> LoadAsync(SidecarDb db, OrderPlace place, CancellationToken cancel)
    {
        if (!states.ContainsKey((place.Shop, place.ExternalId)))
            await LoadShopAsync(db, place.Shop, [place.ExternalId], cancel);
        return states[(place.Shop, place.ExternalId)];
    }

    /// <summary>May be called again for what has come since.</summary>
    public async Task WriteAsync(SidecarDb db, CancellationToken cancel)
    {
        if (!newsWritten)
            await WriteNewsAsync(db, cancel);
        newsWritten = true;
        await db.InsertManyAsync(newOrders, cancel);
        foreach (var row in changedOrders)
            await db.UpdateAsync(row, token: cancel);
        await db.InsertManyAsync(newCommissions, cancel);
        foreach (var row in changedCommissions)
            await db.UpdateAsync(row, token: cancel);
        foreach (var paid in amounts)
        {
            await db.RuleAmounts.Where(a => a.OrderId == paid.OrderId).DeleteAsync(cancel);
            await db.InsertManyAsync(paid.Rows, cancel);
        }
        await db.InsertManyAsync(entries, cancel);
        newOrders.Clear();
        changedOrders.Clear();
        newCommissions.Clear();
        changedCommissions.Clear();
        amounts.Clear();
        entries.Clear();
    }

    async Task WriteNewsAsync(SidecarDb db, CancellationToken cancel)
    {
        foreach (var key in All.Where(s => s.MarksChanged).Select(s => s.Key!))
            await db.OrderKeys.Where(k => k.Shop == key.Shop && k.ExternalId == key.ExternalId)
                .Set(k => k.TrashedAt, key.TrashedAt).Set(k => k.RestoredAt, key.RestoredAt).UpdateAsync(cancel);
        foreach (var state in All.Where(s => s is { ReadAgain: true, Changed: false }))
            await db.Orders.Where(o => o.Id == state.Row!.Id).Set(o => o.ShopReadAt, state.Truth!.ReadAt).UpdateAsync(cancel);
        await db.InsertManyAsync(All.SelectMany(s => s.NewRefunds).ToList(), cancel);
    }
}
