using System.Data.Common;
using System.Net.Sockets;
using AffiliateSidecar.Http;
using AffiliateSidecar.Shops.Reading;
using LinqToDB.Async;
using LinqToDB.Mapping;
using MySqlConnector;

namespace AffiliateSidecar.Shops.WooCommerce.Health;

/// <summary>Looks into the shop's database whether its webhooks can tell us what happens.</summary>
sealed class WebhookHealth(HostNames names, TimeProvider clock)
{
    // With WP-Cron and a visitor now and then the queue runs once a minute.
    static readonly TimeSpan Tolerated = TimeSpan.FromMinutes(10);

    const string Hpos = "woocommerce_custom_orders_table_enabled", Home = "home";

    [Table(IsColumnAttributeRequired = true)]
    sealed record OptionRow
    {
        [Column("option_name")] public string Name { get; init; } = "";
        [Column("option_value")] public string Value { get; init; } = "";
    }

    public static string PathOf(ShopSettings shop) => $"/v1/shops/{shop.Name}/webhooks/woocommerce";

    /// <summary>Never an exception: what cannot be looked at is not known, and the verdict says why.</summary>
    public async Task<WebhookVerdict> LookAsync(ShopSettings shop, CancellationToken cancel)
    {
        try
        {
            await using var db = new ShopDb(ShopDb.OptionsFor(shop), shop.TablePrefix);
            return await LookAsync(db, shop, cancel);
        }
        // A server that dies in the middle of an answer: the driver passes on what the socket says.
        catch (Exception e) when (e is DbException or InvalidDataException or IOException or SocketException)
        {
            return WebhookVerdict.NotKnown("The shop's database cannot be used.", "affiliate-sidecar shop check");
        }
    }

    /// <exception cref="DbException">The database is away; a missing right or table is a verdict.</exception>
    public async Task<WebhookVerdict> LookAsync(ShopDb db, ShopSettings shop, CancellationToken cancel)
    {
        if (await TryAsync(() => ShopWebhook.ReadAsync(db, cancel)) is not { } webhooks)
            return WebhookVerdict.NotKnown($"The account may not read {shop.TablePrefix}{ShopWebhook.TableName}, or the shop has no such table.",
                $"GRANT SELECT ({ShopWebhook.Columns}) ON `{shop.TablePrefix}{ShopWebhook.TableName}` to the account: the secret in that table is not needed.");
        var options = await TryAsync(async () => await db.Table<OptionRow>("options").Where(o => o.Name == Hpos || o.Name == Home).ToListAsync(cancel)) ?? [];
        Uri[] home = [.. new[] { shop.Url, Address(options.Find(o => o.Name == Home)?.Value) }.OfType<Uri>()];
        var path = PathOf(shop);
        var hosts = await names.LookUpAsync(webhooks.Where(w => w.PointsTo(path)).Select(w => DeliveryUrl.HostToLookUp(w.DeliveryUrl, home)).OfType<string>(), cancel);
        var verdict = WebhookJudgement.Judge(webhooks, path, home, hosts.GetValueOrDefault, options.Count == 0 ? null : options.Find(o => o.Name == Hpos)?.Value == "yes");
        return await WaitingAsync(db, cancel) is { } waiting ? verdict with { Problems = [.. verdict.Problems, waiting] } : verdict;
    }

    async Task<WebhookProblem?> WaitingAsync(ShopDb db, CancellationToken cancel)
    {
        var oldest = (await TryAsync(async () => new { At = await DeliveryQueue.OldestAsync(db, cancel) }))?.At;
        return oldest is { } since && clock.GetUtcNow() - since > Tolerated
            ? new(WebhookProblem.Waiting, $"Deliveries wait in the shop's queue, the oldest since {since:yyyy-MM-dd HH:mm} UTC.",
                "WP-Cron does not run, or something holds the queue up: call the shop's wp-cron.php every minute, and look at WooCommerce → Status → Scheduled Actions.", [])
            : null;
    }

    static Uri? Address(string? text) => Uri.TryCreate(text, UriKind.Absolute, out var url) ? url : null;

    /// <summary>Null where the account has no right on the table or on a column of it, or where there is none.</summary>
    static async Task<T?> TryAsync<T>(Func<Task<T>> read) where T : class
    {
        try
        {
            return await read();
        }
        catch (MySqlException e) when (e.ErrorCode is MySqlErrorCode.TableAccessDenied or MySqlErrorCode.ColumnAccessDenied or MySqlErrorCode.NoSuchTable)
        {
            return null;
        }
    }
}
