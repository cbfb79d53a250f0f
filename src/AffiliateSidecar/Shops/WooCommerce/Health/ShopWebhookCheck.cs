using AffiliateSidecar.Http;

namespace AffiliateSidecar.Shops.WooCommerce.Health;

/// <summary>Whether the webhooks of the shops whose database is connected bring everything here.</summary>
sealed class ShopWebhookCheck(ShopDirectory shops, WebhookHealth health, TimeProvider clock) : IReadinessCheck
{
    // Anybody may ask for readiness, as often as he likes; the shop's database is not asked for each.
    static readonly TimeSpan Fresh = TimeSpan.FromMinutes(5), Patience = TimeSpan.FromSeconds(2);

    readonly Lock gate = new();
    Task<(Condition, string)>? look;
    DateTimeOffset lookedAt;

    public string Name => "shop-webhooks";

    public async Task<(Condition Condition, string Sentence)> CheckAsync(CancellationToken cancel)
    {
        Task<(Condition, string)> current;
        lock (gate)
        {
            var now = clock.GetUtcNow();
            if (look is null || (look.IsCompleted && now - lookedAt >= Fresh))
                (look, lookedAt) = (Task.Run(LookAsync, CancellationToken.None), now);
            current = look;
        }
        try
        {
            return await current.WaitAsync(Patience, cancel);
        }
        catch (TimeoutException)
        {
            return (Condition.Degraded, "A shop's database does not answer in time.");
        }
    }

    async Task<(Condition, string)> LookAsync()
    {
        var connected = shops.All.Where(s => s is { Kind: "woocommerce", ConnectionString: not null }).ToList();
        var found = await Task.WhenAll(connected.Select(async shop => (shop.Name, Verdict: await health.LookAsync(shop, CancellationToken.None))));
        // The codes only: sentences have host names.
        var problems = found.SelectMany(f => f.Verdict.Problems.Select(p => $"{f.Name}: {p.Code}")).Distinct().ToList();
        var unknown = found.Where(f => f.Verdict.Unknown is not null).Select(f => f.Name).ToList();
        return problems.Count > 0 ? (Condition.Degraded, $"{string.Join(", ", problems)}; `doctor` says how to mend it.")
            : unknown.Count > 0 ? (Condition.Ok, $"Not known: {string.Join(", ", unknown)}; `doctor` says why.")
            : (Condition.Ok, connected.Count == 0 ? "No shop's database is connected." : "They bring everything here.");
    }
}
