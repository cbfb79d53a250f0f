using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Orders;

/// <summary>The flags of the clicks that a batch of orders brings along, in one query.</summary>
sealed class ClickFlagsOf
{
    readonly Dictionary<string, string> flags;

    ClickFlagsOf(Dictionary<string, string> flags) => this.flags = flags;

    public string? Of(string clickId) => flags.GetValueOrDefault(clickId);

    public static Task<ClickFlagsOf> LoadAsync(SidecarDb db, IEnumerable<OrderState> states, CancellationToken cancel) =>
        LoadAsync(db, states.SelectMany(s => s.Statements).Where(s => s.Credit is null).Select(s => s.Order), cancel);

    public static async Task<ClickFlagsOf> LoadAsync(SidecarDb db, IEnumerable<Order> orders, CancellationToken cancel)
    {
        var ids = orders.SelectMany(Attribution.ClickTexts).Distinct().ToArray();
        return new(ids.Length == 0
            ? []
            : await db.Clicks.Where(c => ids.Contains(c.Id)).Select(c => new { c.Id, c.Flag }).ToDictionaryAsync(c => c.Id, c => c.Flag, cancel));
    }
}
