using AffiliateSidecar.Storage;

namespace AffiliateSidecar.Shops.WooCommerce;

/// <summary>Stores what the spool kept, as soon as the database is back; after a restart too.</summary>
sealed partial class WebhookSpoolDrain(WebhookSpool spool, WebhookInbox inbox, TimeProvider clock, ILogger<WebhookSpoolDrain> log) : BackgroundService
{
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            if (spool.Waiting > 0)
                await DrainAsync(stoppingToken);
            await Task.Delay(Pause, clock, stoppingToken);
        }
    }

    async Task DrainAsync(CancellationToken cancel)
    {
        var done = 0;
        try
        {
            foreach (var file in spool.Files())
            {
                if (!await TryStoreAsync(file, cancel))
                    break;
                done++;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogUnusable(e);
        }
        if (done > 0)
            LogDone(done);
    }

    /// <summary>False: the database is still away.</summary>
    async Task<bool> TryStoreAsync(string file, CancellationToken cancel)
    {
        try
        {
            // Ended between these two lines, the delivery is stored again at the next start, as a duplicate.
            await inbox.StoreAsync(WebhookSpool.Read(file), cancel);
            spool.Remove(file);
        }
        catch (Exception e) when (Database.IsUnavailable(e))
        {
            return false;
        }
#pragma warning disable CA1031 // one bad file must not hold up the others
        catch (Exception e) when (!cancel.IsCancellationRequested)
#pragma warning restore CA1031
        {
            LogSetAside(e, Path.GetFileName(file));
            spool.SetAside(file);
        }
        return true;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} webhooks that were kept on the disk are done.")]
    partial void LogDone(int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "The folder spool/webhooks cannot be used; it is tried again.")]
    partial void LogUnusable(Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "The webhook {File} failed again. It lies in the folder spool/webhooks/failed and is tried once more at the next start.")]
    partial void LogSetAside(Exception exception, string file);
}
