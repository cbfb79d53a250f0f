using System.Runtime.CompilerServices;
using AffiliateSidecar.Http;
using AffiliateSidecar.Site;
using AffiliateSidecar.Site.Presence;
using AffiliateSidecar.Storage;
using AffiliateSidecar.Templates;

namespace AffiliateSidecar.Cli.Doctor;

/// <summary>The recruitment site is built, without faults, and its addresses are addresses.</summary>
static class SiteCheckup
{
    public static async IAsyncEnumerable<Diagnosis> RunAsync(IServiceProvider services, [EnumeratorCancellation] CancellationToken cancel)
    {
        yield return Look(services.GetRequiredService<SiteSettings>());
        if (!DatabaseCheckup.IsUpToDate(services.GetRequiredService<Migrator>()))
            yield break;
        await using var db = services.GetRequiredService<Database>().Open();
        foreach (var check in (await PresenceReport.ReadAsync(db, cancel))?.Failed ?? [])
            yield return Diagnosis.Warning("site presence", $"{check.Check} at {check.Url}: {check.Found}", check.Mend!);
        var (condition, sentence) = await services.GetServices<IReadinessCheck>().OfType<PresenceReadiness>().Single().CheckAsync(cancel);
        yield return condition == Condition.Ok ? Diagnosis.Well("site presence", sentence) : Diagnosis.Warning("site presence", sentence, $"{CommandLine.Name} site audit --live");
    }

    static Diagnosis Look(SiteSettings settings)
    {
        try
        {
            foreach (var address in new[] { settings.BaseUrl, settings.ServiceUrl }.OfType<string>())
                SiteSettings.Folder(address);
        }
        catch (PageException e)
        {
            return Diagnosis.Failure("site", e.Message, "Correct Sidecar:Site:BaseUrl or Sidecar:Site:ServiceUrl");
        }
        var folder = Path.GetFullPath(settings.Out);
        if (SiteRecord.Read(folder) is null)
            return Diagnosis.Warning("site", $"There is no site in {folder} yet.", $"{CommandLine.Name} site build");
        var faults = SiteAudit.Check(folder).Count;
        return faults == 0
            ? Diagnosis.Well("site", $"The site in {folder} has no faults.")
            : Diagnosis.Warning("site", $"The site in {folder} has {faults} faults.", $"{CommandLine.Name} site audit, then {CommandLine.Name} site build");
    }
}
