using System.Runtime.CompilerServices;
using AffiliateSidecar.Shops.Reading;
using AffiliateSidecar.Storage;

namespace AffiliateSidecar.Cli.Doctor;

/// <summary>Whether the connected shops are read, and what their deliveries have missed lately.</summary>
static class DriftCheckup
{
    public static async IAsyncEnumerable<Diagnosis> RunAsync(IServiceProvider services, [EnumeratorCancellation] CancellationToken cancel)
    {
        // Tables of an older program, or none: the checkup of the database says so.
        if (!DatabaseCheckup.IsUpToDate(services.GetRequiredService<Migrator>()))
            yield break;
        var look = services.GetRequiredService<ShopSyncCheck>();
        foreach (var shop in services.GetRequiredService<ShopSync>().Shops)
        {
            var (condition, sentence) = await look.OfAsync(shop, cancel);
            yield return condition == Http.Condition.Ok ? Diagnosis.Well("sync " + shop.Name, sentence)
                : Diagnosis.Warning("sync " + shop.Name, sentence, $"{CommandLine.Name} shop drift --shop {shop.Name}");
        }
    }
}
