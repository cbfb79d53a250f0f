using System.Diagnostics;

namespace AffiliateSidecar.Benchmarks;

static class ProcessMemory
{
    /// <summary>Bytes that the process holds in memory now; 0 once it has ended.</summary>
    public static long Memory(this Process process)
    {
        try
        {
            process.Refresh();
            return process.WorkingSet64;
        }
        catch (InvalidOperationException)
        {
            // It may end between any question and its answer.
            return 0;
        }
    }
}
