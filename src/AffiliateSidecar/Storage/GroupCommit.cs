using System.Threading.Channels;

namespace AffiliateSidecar.Storage;

/// <summary>
/// Answers many requests with one durable write. There is no timer: the writer takes whatever is waiting, writes it in one
/// transaction and only then answers those requests, so batches grow by themselves under load and a lone request waits for
/// nobody. A full queue slows the callers down instead of losing anything.
/// </summary>
sealed class GroupCommit<TIn, TOut> : IAsyncDisposable
{
    readonly Channel<Waiting> queue;
    readonly Func<IReadOnlyList<TIn>, Task<IReadOnlyList<TOut>>> write;
    readonly int most;
    readonly Task writer;

    /// <param name="write">Writes a batch and returns one result an item, in order. All or nothing.</param>
    /// <param name="most">Largest batch.</param>
    public GroupCommit(Func<IReadOnlyList<TIn>, Task<IReadOnlyList<TOut>>> write, int most)
    {
        this.write = write;
        this.most = most;
        queue = Channel.CreateBounded<Waiting>(new BoundedChannelOptions(most * 4) { SingleReader = true });
        writer = Task.Run(RunAsync);
    }

    public async Task<TOut> AddAsync(TIn item, CancellationToken cancel = default)
    {
        var waiting = new Waiting(item);
        if (!queue.Writer.TryWrite(waiting))
            await queue.Writer.WriteAsync(waiting, cancel);
        // Not cancelled any more: the item will be written, and whoever asked is told so if still there.
        return await waiting.Answer.Task;
    }

    async Task RunAsync()
    {
        var batch = new List<Waiting>(most);
        while (await queue.Reader.WaitToReadAsync())
        {
            batch.Clear();
            while (batch.Count < most && queue.Reader.TryRead(out var waiting))
                batch.Add(waiting);
            await AnswerAsync(batch);
        }
    }

    async Task AnswerAsync(List<Waiting> batch)
    {
        try
        {
            var results = await write(batch.ConvertAll(w => w.Item));
            for (var i = 0; i < batch.Count; i++)
                batch[i].Answer.TrySetResult(results[i]);
        }
        catch (Exception e) when (batch.Count > 1 && !Database.IsUnavailable(e))
        {
            // One bad item must not take its neighbours along.
            foreach (var waiting in batch)
                await AnswerAsync([waiting]);
        }
#pragma warning disable CA1031 // whoever waits gets the exception, whatever it is
        catch (Exception e)
#pragma warning restore CA1031
        {
            foreach (var waiting in batch)
                waiting.Answer.TrySetException(e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await writer;
    }

    sealed class Waiting(TIn item)
    {
        public TIn Item { get; } = item;

        public TaskCompletionSource<TOut> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
