using System.Runtime.CompilerServices;

namespace AffiliateSidecar.Cli.Doctor;

/// <summary>The recruitment site is built.</summary>
static class SiteCheckup
{
    public static async IAsyncEnumerable<Diagnosis> RunAsync(IServiceProvider services, [EnumeratorCancellation] CancellationToken cancel)
    {
        await Task.CompletedTask;
        var folder = Path.GetFullPath(services.GetRequiredService<IConfiguration>()["Sidecar:Site:Out"] ?? "site-out");
        var pages = Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.html", SearchOption.AllDirectories).Count() : 0;
        yield return pages == 0
            ? Diagnosis.Warning("site", $"There is no site in {folder} yet.", $"{CommandLine.Name} site build")
            : Diagnosis.Well("site", $"{folder} has {pages} pages.");
    }
}
