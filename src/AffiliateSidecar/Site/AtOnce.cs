namespace AffiliateSidecar.Site;

/// <summary>Parts of a build that need nothing of each other.</summary>
static class AtOnce
{
    /// <summary>Run all of them. Where one fails the others stop, and all have ended before the first that failed says why.</summary>
    public static async Task RunAsync(CancellationToken cancel, params Func<CancellationToken, Task>[] parts)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Task[] all = [.. parts.Select(part => Task.Run(() => StopAtFailureAsync(part, stop), CancellationToken.None))];
        await Task.WhenAll(all).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // What was stopped is not to blame.
        await (Array.Find(all, t => t.IsFaulted) ?? Task.WhenAll(all));
    }

    static async Task StopAtFailureAsync(Func<CancellationToken, Task> part, CancellationTokenSource stop)
    {
        try
        {
            await part(stop.Token);
        }
        catch
        {
            await stop.CancelAsync();
            throw;
        }
    }
}
