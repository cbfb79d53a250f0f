namespace AffiliateSidecar.Plugins;

/// <summary>
/// Calls one part of a plugin so that nothing it does reaches the caller: an exception is a skipped call, a call beyond the time limit or
/// too many failures in a row cut the part off until the next start. The calls run on a thread of their own, one after another: a hung
/// call costs that thread and none of the pool's.
/// </summary>
sealed partial class Guard(string plugin, string part, TimeSpan limit) : IDisposable
{
    const int MostFailures = 5;

    readonly Lock oneCall = new();
    readonly SemaphoreSlim asked = new(0), answered = new(0);
    Thread? thread;
    Action? work;
    int failuresInRow;
    volatile bool over;

    public ILogger? Log { get; set; }

    public bool IsCutOff { get; private set; }

    /// <summary>What went wrong last.</summary>
    public string? Error { get; private set; }

    public long Calls { get; private set; }

    public long Failures { get; private set; }

    /// <summary>The answer; null where the plugin had none, failed or is cut off.</summary>
    public T? Call<T>(Func<T?> ask) where T : class
    {
        lock (oneCall)
        {
            if (IsCutOff || over)
                return null;
            Calls++;
            T? answer = null;
            Exception? thrown = null;
            work = () =>
            {
                try
                {
                    answer = ask();
                }
#pragma warning disable CA1031 // whatever a plugin throws ends here
                catch (Exception e)
#pragma warning restore CA1031
                {
                    thrown = e;
                }
            };
            if (thread is null)
                (thread = new Thread(Work) { IsBackground = true, Name = $"plugin {plugin} {part}" }).UnsafeStart();
            asked.Release();
            if (!answered.Wait(limit))
            {
                Fail($"It did not answer within {limit.TotalSeconds:0} seconds.", cutOff: true);
                // The late answer of a thread nobody listens to must not be mistaken for the answer.
                return null;
            }
            if (thrown is not null)
            {
                Fail(Describe(thrown), cutOff: failuresInRow + 1 >= MostFailures);
                return null;
            }
            failuresInRow = 0;
            return answer;
        }
    }

    void Work()
    {
        while (!IsCutOff)
        {
            asked.Wait();
            if (over)
                return;
            work!();
            answered.Release();
        }
    }

    /// <summary>Lets the thread go. The semaphores have nothing to free, and a hung call may still come to one.</summary>
    public void Dispose()
    {
        over = true;
        asked.Release();
    }

    void Fail(string error, bool cutOff)
    {
        Failures++;
        failuresInRow++;
        Error = error;
        IsCutOff = cutOff;
        if (Log is null)
            return;
        if (cutOff)
            LogCutOff(Log, plugin, part, error);
        else
            LogSkipped(Log, plugin, part, error);
    }

    static string Describe(Exception e) => e is System.Reflection.TargetInvocationException { InnerException: { } inner }
        ? Describe(inner)
        : e is System.Reflection.ReflectionTypeLoadException { LoaderExceptions: [{ } first, ..] } ? Describe(first) : $"{e.GetType().Name}: {e.Message}";

    [LoggerMessage(Level = LogLevel.Warning, Message = "Plugin {Plugin}: {Part} failed and was skipped for this call: {Reason}")]
    static partial void LogSkipped(ILogger log, string plugin, string part, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Plugin {Plugin}: {Part} is cut off until the next start: {Reason}")]
    static partial void LogCutOff(ILogger log, string plugin, string part, string reason);
}
