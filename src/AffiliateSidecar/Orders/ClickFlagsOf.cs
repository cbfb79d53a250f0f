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

    public static async Task<ClickFlagsOf> LoadAsync(SidecarDb db, IEnumerable<OrderState> states, CancellationToken cancel)
    {
        var ids = states.SelectMany(s => s.Statements).Where(s => s.Credit is null).SelectMany(s => Attribution.ClickTexts(s.Order)).Distinct().ToArray();
        return new(ids.Length == 0
            ? []
            : await db.Clicks.Where(c => ids.Contains(c.Id)).Select(c => new { c.Id, c.Flag }).ToDictionaryAsync(c => c.Id, c => c.Flag, cancel));
    }
}
