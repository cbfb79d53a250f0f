using System.Runtime.CompilerServices;
using AffiliateSidecar.Storage;

namespace AffiliateSidecar.Cli.Doctor;

/// <summary>Data folder, disk and clock.</summary>
static class MachineCheckup
{
    const long Gigabyte = 1L << 30;

    // The first day on which this program existed.
    static readonly DateTimeOffset Earliest = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    public static async IAsyncEnumerable<Diagnosis> RunAsync(IServiceProvider services, [EnumeratorCancellation] CancellationToken cancel)
    {
        await Task.CompletedTask;
        var folder = services.GetRequiredService<DataFolder>();
        yield return Folder(folder.Path);
        if (!OperatingSystem.IsWindows() && Readable(folder) is { } open)
            yield return Diagnosis.Warning("secrets", $"Other users of this machine can read {open}.", $"chmod -R go= {folder.Path}");
        yield return Disk(folder.Path);
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        yield return now < Earliest
            ? Diagnosis.Failure("clock", $"The clock says {now:yyyy-MM-dd HH:mm} UTC, which is long ago.", "Set the clock, for good with a time service such as chrony or systemd-timesyncd.")
            : Diagnosis.Well("clock", $"It is {now:yyyy-MM-dd HH:mm:ss} UTC.");
    }

    static Diagnosis Folder(string path)
    {
        try
        {
            var probe = Path.Combine(path, $".doctor-{Guid.NewGuid():N}");
            File.WriteAllText(probe, "");
            File.Delete(probe);
            return Diagnosis.Well("data folder", $"{path} can be written.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Diagnosis.Failure("data folder", $"{path} cannot be written: {e.Message}", $"chown -R {Environment.UserName} {path}, or name another folder with --data.");
        }
    }

    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    static string? Readable(DataFolder folder) => new[] { folder.File("installation.key"), folder.File("sidecar.db") }
        .FirstOrDefault(f => File.Exists(f) && (File.GetUnixFileMode(f) & UnixFileMode.OtherRead) != 0
            && (File.GetUnixFileMode(folder.Path) & UnixFileMode.OtherExecute) != 0);

    static Diagnosis Disk(string path)
    {
        var free = new DriveInfo(path).AvailableFreeSpace;
        var text = $"{free / (double)Gigabyte:0.0} GB are free for {path}.";
        return free < Gigabyte / 10 ? Diagnosis.Failure("disk", text, "Make room: a full disk stops clicks and orders from being stored.")
            : free < Gigabyte ? Diagnosis.Warning("disk", text, "Make room soon: a million clicks take about a third of a gigabyte.")
            : Diagnosis.Well("disk", text);
    }
}
