namespace AffiliateSidecar.Storage;

/// <summary>What is done again and again beside the requests. A round that fails is told of, and the next one is a new try.</summary>
abstract partial class Rounds(TimeSpan every, TimeProvider clock, ILogger log) : BackgroundService
{
    protected TimeProvider Clock => clock;

    /// <summary>For messages, such as <c>The digest</c>.</summary>
    protected abstract string What { get; }

    /// <summary>False: there is nothing to do with these settings.</summary>
    protected virtual bool IsOn => true;

    /// <summary>Whether the first round is at the start, or one interval later.</summary>
    protected virtual bool BeginsAtOnce => false;

    /// <summary>How long after a failure that nobody expected there is no round: for what is dear. Nothing: the next one is a new try.</summary>
    protected virtual TimeSpan Rest => TimeSpan.Zero;

    DateTimeOffset notBefore;

    protected abstract Task RoundAsync(CancellationToken cancel);

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!IsOn)
            return;
        using var timer = new PeriodicTimer(every, clock);
        if (BeginsAtOnce)
            await TryAsync(stoppingToken);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            await TryAsync(stoppingToken);
    }

    async Task TryAsync(CancellationToken cancel)
    {
        if (clock.GetUtcNow() < notBefore)
            return;
        try
        {
            await RoundAsync(cancel);
        }
        catch (Exception e) when (Database.IsUnavailable(e))
        {
            LogUnavailable(log, What, e.Message);
        }
#pragma warning disable CA1031 // whatever it was, it must not end the rounds after it
        catch (Exception e) when (!cancel.IsCancellationRequested)
#pragma warning restore CA1031
        {
            notBefore = clock.GetUtcNow() + Rest;
            LogBroken(log, e, What, Rest > every ? Rest : every);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{What} had to wait for the database: {Reason}")]
    static partial void LogUnavailable(ILogger log, string what, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{What} failed; the next try is in {Every}.")]
    static partial void LogBroken(ILogger log, Exception exception, string what, TimeSpan every);
}
