using AffiliateSidecar.Orders;

namespace AffiliateSidecar.Cli.Import;

/// <summary><c>refunds.csv</c>: what was paid back, by amount only; of a lead nothing is, but the reason stays known.</summary>
sealed class RefundImport(OrderIntake intake) : FileImport<OrderNews>("refunds", ["order_id", "ts", "amount", "reason"])
{
    protected override int BatchSize => 1000;

    protected override OrderNews Parse(CsvFile row)
    {
        var (order, at, amount) = (row.Required("order_id", 100), row.Time("ts"), row.Amount("amount"));
        return new RefundReported(ImportedOrders.Shop, order, new Refund
        {
            // The file gives a refund no id: one order's refunds differ by time.
            ExternalId = $"{at:yyyyMMdd'T'HHmmss'Z'}-{amount:0.####}", Amount = amount, OccurredAt = at, Reason = row.Required("reason", 60),
        }) { Actor = ImportedOrders.Actor };
    }

    protected override Task<BatchOutcome> StoreAsync(IReadOnlyList<Numbered<OrderNews>> batch, CancellationToken cancel) =>
        intake.AcceptAsync(batch, "amount", cancel);
}
