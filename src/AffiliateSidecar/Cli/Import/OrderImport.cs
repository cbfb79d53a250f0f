using System.Net;
using AffiliateSidecar.Orders;
using AffiliateSidecar.Partners;
using AffiliateSidecar.ReferenceData;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Cli.Import;

static class ImportedOrders
{
    /// <summary>The shop's name that imported orders carry.</summary>
    public const string Shop = "import";

    public const string Actor = "import";

    /// <summary>Hand news to the intake and count what was new.</summary>
    public static async Task<BatchOutcome> AcceptAsync(this OrderIntake intake, IReadOnlyList<Numbered<OrderNews>> news, string member, CancellationToken cancel)
    {
        var results = await intake.AcceptManyAsync([.. news.Select(n => n.Value)], cancel);
        return new(results.Count(r => r.Status is IntakeStatus.Accepted or IntakeStatus.Kept),
            [.. news.Zip(results).Where(pair => pair.Second.Status == IntakeStatus.Refused)
                .Select(pair => (pair.First.Line, new BadRowException(member, pair.Second.Reason ?? "refused")))]);
    }
}

sealed record OrderLineOfFile(Order Order, int PartnerId, string? ClickId);

/// <summary>
/// <c>orders.csv</c>: history that was credited elsewhere and is not decided again. It goes through the same intake as every order,
/// so that commissions and ledger are exact.
/// </summary>
sealed class OrderImport(ImportedPartners partners, Database database, OrderIntake intake, AddressFacts facts) : FileImport<OrderLineOfFile>("orders",
    ["order_id", "ts", "kind", "click_id", "coupon", "affiliate", "amount", "currency", "customer_hash", "is_new_customer", "status"])
{
    // The file's word, ours, and how late in an order's life it is: the file has no time of change, but a later export that knows
    // a later state must win over an earlier one.
    static readonly Dictionary<string, (string Status, int Stage)> States = new(StringComparer.Ordinal)
    {
        ["pending"] = (OrderStatus.Processing, 0), ["approved"] = (OrderStatus.Completed, 1), ["partially_refunded"] = (OrderStatus.Completed, 2),
        ["refunded"] = (OrderStatus.Refunded, 3), ["cancelled"] = (OrderStatus.Cancelled, 4), ["chargeback"] = (OrderStatus.Refunded, 5),
    };

    protected override int BatchSize => 1000;

    protected override OrderLineOfFile Parse(CsvFile row)
    {
        if (row.Required("kind", 20) is not ("sale" or "lead"))
            throw new BadRowException("kind", "neither sale nor lead");
        if (!States.TryGetValue(row.Required("status", 40), out var state))
            throw new BadRowException("status", $"none of {string.Join(", ", States.Keys)}");
        var currency = row.Required("currency", 4);
        if (!Currency.IsKnown(currency))
            throw new BadRowException("currency", $"'{currency}' is not known");
        var isNew = row.Text("is_new_customer", 1) switch
        {
            "1" => true,
            "0" => (bool?)false,
            "" => null,
            _ => throw new BadRowException("is_new_customer", "neither 1 nor 0"),
        };
        var amount = row.Amount("amount");
        var at = row.Time("ts");
        var address = row.Optional("ip", 45);
        var order = new Order
        {
            Shop = ImportedOrders.Shop, ExternalId = row.Required("order_id", 100), Status = state.Status, Currency = currency, PlacedAt = at,
            UpdatedAt = at.AddMilliseconds(state.Stage), Total = amount, Lines = [new OrderLine { ExternalId = "1", Subtotal = amount, Total = amount }],
            Coupons = row.Text("coupon", 100) is { Length: > 0 } coupon ? [coupon] : [],
            Customer = new Customer { ExternalId = row.Text("customer_hash", 200) is { Length: > 0 } hash ? hash : null, IsNew = isNew, Ip = PersonalData.Network(address), Address = address,
                Country = IPAddress.TryParse(address, out var ip) ? facts.Find(ip).Country : null },
        };
        return new(order, partners.Find(row.Required("affiliate", 60)), row.Text("click_id", 50) is { Length: > 0 } id ? ClickImport.ClickId(id) : null);
    }

    protected override async Task<BatchOutcome> StoreAsync(IReadOnlyList<Numbered<OrderLineOfFile>> batch, CancellationToken cancel)
    {
        var clicked = await ClickTimesAsync([.. batch.Select(b => b.Value.ClickId).OfType<string>()], cancel);
        return await intake.AcceptAsync([.. batch.Select(b => new Numbered<OrderNews>(b.Line, new OrderStated(b.Value.Order)
        {
            Actor = ImportedOrders.Actor, Credit = Credit(b.Value, clicked),
        }))], "order_id", cancel);
    }

    static ImportedCredit Credit(OrderLineOfFile line, Dictionary<string, DateTimeOffset> clicked) => line.ClickId is null
        ? new(line.PartnerId, AttributionMethod.Coupon, null, null)
        : new(line.PartnerId, AttributionMethod.Click, line.ClickId,
            clicked.TryGetValue(line.ClickId, out var at) && at <= line.Order.PlacedAt ? at : null);

    async Task<Dictionary<string, DateTimeOffset>> ClickTimesAsync(string[] ids, CancellationToken cancel)
    {
        await using var db = database.Open();
        return await db.Clicks.Where(c => ids.Contains(c.Id)).Select(c => new { c.Id, c.At }).ToDictionaryAsync(c => c.Id, c => c.At, StringComparer.Ordinal, cancel);
    }
}
