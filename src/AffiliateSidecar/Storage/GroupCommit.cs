namespace AffiliateSidecar.Storage;

/// <summary>
/// Answers many requests with one durable write. There is no timer: the writer takes whatever is waiting, writes it in one
/// transaction and only then answers those requests, so batches grow by themselves under load and a lone request waits for
/// nobody. Whoever asks waits for the answer, so a slow disk slows the callers down instead of losing anything.
/// </summary>
sealed class GroupCommit<TIn, TOut> : IAsyncDisposable
{
    // Answers go out in small groups: one wake-up of a thread for several, and several threads for a large batch.
    const int AnsweredTogether = 16;

    readonly object gate = new();
    readonly Func<IReadOnlyList<TIn>, Task<IReadOnlyList<TOut>>> write;
    readonly int most;
    readonly TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    List<Waiting> queue = [];
    bool ended;

    /// <param name="write">Writes a batch and returns one result an item, in order. All or nothing.</param>
    /// <param name="most">Largest batch.</param>
    public GroupCommit(Func<IReadOnlyList<TIn>, Task<IReadOnlyList<TOut>>> write, int most)
    {
        this.write = write;
        this.most = most;
        // A thread of its own: it sleeps in the disk's fsync most of the time, and the pool's few threads have requests to serve.
        new Thread(Run) { IsBackground = true, Name = "group commit" }.Start();
    }

    /// <summary>Not cancelled once it is queued: the item will be written, and whoever asked is told so if still there.</summary>
    public Task<TOut> AddAsync(TIn item, CancellationToken cancel = default)
    {
        cancel.ThrowIfCancellationRequested();
        var waiting = new Waiting(item);
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(ended, this);
            queue.Add(waiting);
            if (queue.Count == 1)
                Monitor.Pulse(gate);
        }
        return waiting.Task;
    }

    void Run()
    {
        while (Next() is { } batch)
            for (var start = 0; start < batch.Count; start += most)
                Write(batch.GetRange(start, Math.Min(most, batch.Count - start)));
        done.SetResult();
    }

    List<Waiting>? Next()
    {
        lock (gate)
        {
            while (queue.Count == 0 && !ended)
                Monitor.Wait(gate);
            var batch = queue;
            queue = [];
            return batch.Count > 0 ? batch : null;
        }
    }

    void Write(List<Waiting> batch)
    {
        try
        {
            var results = write(batch.ConvertAll(w => w.Item)).GetAwaiter().GetResult();
            Answer(batch, (waiting, i) => waiting.SetResult(results[i]));
        }
        catch (Exception e) when (batch.Count > 1 && !Database.IsUnavailable(e))
        {
            // One bad item must not take its neighbours along.
            foreach (var waiting in batch)
                Write([waiting]);
        }
#pragma warning disable CA1031 // whoever waits gets the exception, whatever it is
        catch (Exception e)
#pragma warning restore CA1031
        {
            Answer(batch, (waiting, _) => waiting.SetException(e));
        }
    }

    static void Answer(List<Waiting> batch, Action<Waiting, int> answer)
    {
        for (var start = 0; start < batch.Count; start += AnsweredTogether)
            ThreadPool.UnsafeQueueUserWorkItem(first =>
            {
                for (var i = first; i < Math.Min(first + AnsweredTogether, batch.Count); i++)
                    answer(batch[i], i);
            }, start, preferLocal: false);
    }

    public async ValueTask DisposeAsync()
    {
        lock (gate)
        {
            ended = true;
            Monitor.Pulse(gate);
        }
        await done.Task;
    }

    // Continuations run on the pool's thread that answers, see above; never on the writer's.
    sealed class Waiting(TIn item) : TaskCompletionSource<TOut>
    {
        public TIn Item { get; } = item;
    }
}
