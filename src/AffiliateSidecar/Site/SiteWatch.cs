using AffiliateSidecar.Storage;
using AffiliateSidecar.Templates;

namespace AffiliateSidecar.Site;

/// <summary>
/// While the service runs the site says what the rules say: it is built where there is none yet, and again when the rules change.
/// </summary>
sealed partial class SiteWatch(SiteSettings settings, SiteBuilder builder, TimeProvider clock, ILogger<SiteWatch> log) : BackgroundService
{
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!settings.Watch)
            return;
        // The start of the service does not wait for the site.
        await Task.Yield();
        string? trouble = null;
        while (true)
        {
            try
            {
                await LookAsync(stoppingToken);
                trouble = null;
            }
            catch (Exception e) when (e is PageException or IOException or UnauthorizedAccessException || Database.IsUnavailable(e))
            {
                if (trouble != e.Message)
                    LogTrouble(trouble = e.Message);
            }
            await Task.Delay(Pause, clock, stoppingToken);
        }
    }

    async Task LookAsync(CancellationToken cancel)
    {
        var version = (await builder.ModelAsync(cancel)).Version;
        var built = SiteRecord.Read(settings.Out);
        if (built?.Rules == version)
            return;
        LogBuilding(built is null ? "There is no site yet" : "The rules have changed");
        // A site that was built for another address or with pages of data keeps them.
        var report = await builder.BuildAsync(new(BaseUrl: settings.BaseUrl is null && built is not null ? new Uri(built.BaseUrl) : null, Pages: settings.Pages ?? built?.Pages), cancel);
        LogBuilt(report.Pages, report.Folder, (long)report.Elapsed.TotalMilliseconds);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Reason}: building it.")]
    partial void LogBuilding(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The site is built: {Pages} pages in {Folder}, {Milliseconds} ms. It is shown at /site/")]
    partial void LogBuilt(int pages, string folder, long milliseconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The site cannot be built, the old one stays: {Reason}")]
    partial void LogTrouble(string reason);
}
