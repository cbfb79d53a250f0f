using System.Runtime.CompilerServices;
using AffiliateSidecar.Fraud;
using AffiliateSidecar.Storage;

namespace AffiliateSidecar.Cli.Doctor;

/// <summary>Whether partners are compared every night.</summary>
static class FraudCheckup
{
    public static async IAsyncEnumerable<Diagnosis> RunAsync(IServiceProvider services, [EnumeratorCancellation] CancellationToken cancel)
    {
        // Tables of an older program, or none: the checkup of the database says so.
        if (!DatabaseCheckup.IsUpToDate(services.GetRequiredService<Migrator>()))
            yield break;
        var (condition, sentence) = await services.GetRequiredService<FraudScanCheck>().CheckAsync(cancel);
        yield return condition == Http.Condition.Ok ? Diagnosis.Well("fraud scan", sentence)
            : Diagnosis.Warning("fraud scan", sentence, $"`{CommandLine.Name} serve` scans every night: its log says why it did not. {CommandLine.Name} fraud scan does so now.");
    }
}
