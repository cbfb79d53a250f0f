using System.Runtime.CompilerServices;
using AffiliateSidecar.Http;
using AffiliateSidecar.Shops.WooCommerce.Health;

namespace AffiliateSidecar.Cli.Doctor;

/// <summary>Whether the shop's webhooks can tell us what happens, as its own database has them.</summary>
static class WebhookCheckup
{
    public static async IAsyncEnumerable<Diagnosis> RunAsync(IServiceProvider services, [EnumeratorCancellation] CancellationToken cancel)
    {
        var health = services.GetRequiredService<WebhookHealth>();
        foreach (var shop in services.GetRequiredService<ShopDirectory>().All.Where(s => s is { Kind: "woocommerce", ConnectionString: not null }))
        {
            var check = $"webhooks {shop.Name}";
            var verdict = await health.LookAsync(shop, cancel);
            if (verdict.Unknown is { } unknown)
                yield return Diagnosis.Warning(check, unknown.Sentence, unknown.Mend);
            else if (verdict.Problems.Count == 0)
                yield return Diagnosis.Well(check, $"{verdict.Ours.Count} webhooks of the shop bring everything here.");
            // Only warnings: what the webhooks miss is found in the shop's database, a little later.
            foreach (var problem in verdict.Problems)
                yield return Diagnosis.Warning(check, $"{problem.Code}: {problem.Sentence}", problem.Mend);
        }
    }
}
