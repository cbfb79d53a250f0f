namespace AffiliateSidecar.ReferenceData;

/// <summary>Reads the data when the service has started, so that no click waits for them, and again when the files have changed.</summary>
sealed class ReferenceReload(ReferenceFiles files, IHostApplicationLifetime lifetime) : BackgroundService
{
    // The files change by the clock of the machine.
    static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var _ = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(Interval);
        do
            foreach (var file in files.InService)
                file.Refresh();
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
