using AffiliateSidecar.Storage;

namespace AffiliateSidecar.Commissions;

/// <summary>Looks for new rules every few seconds, so that a change made on one node is soon in force on all.</summary>
sealed class RuleWatch(RuleStore rules, TimeProvider clock) : BackgroundService
{
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // Before the first click.
        await LookAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            await LookAsync(stoppingToken);
    }

    async Task LookAsync(CancellationToken cancel)
    {
        try
        {
            await rules.CurrentAsync(cancel);
        }
        catch (Exception e) when (Database.IsUnavailable(e))
        {
            // What was known stays in force; the database's absence is told elsewhere.
        }
    }
}
