using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;

namespace AffiliateSidecar.ReferenceData.Update;

/// <summary>Fetches packages with the owner's own npm, and so from wherever that is set up to.</summary>
sealed class Npm(string? program = null)
{
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    readonly string program = program ?? (OperatingSystem.IsWindows() ? "npm.cmd" : "npm");

    /// <summary>Lay the newest of each, packed, into the folder.</summary>
    public async Task PackAsync(IEnumerable<string> packages, string folder, CancellationToken cancel)
    {
        var (exit, _, error) = await RunAsync(["pack", "--loglevel=error", "--ignore-scripts", "--pack-destination", folder, .. packages], folder, cancel);
        if (exit != 0)
            throw new PackageException($"`npm pack` failed: {Reason(error, exit)}");
    }

    /// <summary>When the version was published; null where that cannot be found out.</summary>
    public async Task<DateOnly?> PublishedAsync(string package, string version, string folder, CancellationToken cancel)
    {
        try
        {
            var (exit, output, _) = await RunAsync(["view", package, "time", "--json", "--loglevel=silent"], folder, cancel);
            using var times = JsonDocument.Parse(exit == 0 ? output : "{}");
            return times.RootElement.TryGetProperty(version, out var time) && time.TryGetDateTimeOffset(out var at) ? DateOnly.FromDateTime(at.UtcDateTime) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or PackageException)
        {
            return null;
        }
    }

    async Task<(int Exit, string Output, string Error)> RunAsync(IEnumerable<string> arguments, string folder, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        using var process = Start(start);
        process.StandardInput.Close();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Patience);
        try
        {
            var (output, error) = (process.StandardOutput.ReadToEndAsync(patience.Token), process.StandardError.ReadToEndAsync(patience.Token));
            await process.WaitForExitAsync(patience.Token);
            return (process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancel.ThrowIfCancellationRequested();
            throw new PackageException($"`npm` did not end within {Patience.TotalMinutes:0} minutes.");
        }
    }

    Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new PackageException($"`{program}` cannot be started: {new Win32Exception(e.NativeErrorCode).Message}. Install npm (it comes with Node.js), or fetch the packages elsewhere and name their folder with --from.");
        }
    }

    static string Reason(string error, int exit)
    {
        var lines = error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(l => l.Replace("npm error", "", StringComparison.Ordinal).Replace("npm ERR!", "", StringComparison.Ordinal).Trim()).Where(l => l.Length > 0).Take(2);
        return string.Join(": ", lines) is { Length: > 0 } reason ? reason : $"exit code {exit}";
    }
}
