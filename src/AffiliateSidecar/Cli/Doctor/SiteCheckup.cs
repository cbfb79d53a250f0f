using AffiliateSidecar.Site;
using AffiliateSidecar.Templates;

namespace AffiliateSidecar.Cli.Doctor;

/// <summary>The recruitment site is built, without faults, and its addresses are addresses.</summary>
static class SiteCheckup
{
    public static IAsyncEnumerable<Diagnosis> RunAsync(IServiceProvider services, CancellationToken cancel) =>
        new[] { Look(services.GetRequiredService<SiteSettings>()) }.ToAsyncEnumerable();

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
