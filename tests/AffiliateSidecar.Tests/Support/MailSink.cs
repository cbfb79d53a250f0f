using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using MimeKit;

namespace AffiliateSidecar.Support;

/// <summary>A real mail server (smtp-server of npm, <c>tests/MailSink</c>) that keeps what it gets. Recipients' names say how it treats them: see <c>sink.mjs</c>.</summary>
public sealed class MailSink : IAsyncDisposable
{
    static readonly Lazy<Task> Installed = new(InstallAsync);

    readonly Process process;
    readonly ConcurrentQueue<MimeMessage> mails = new();

    MailSink(Process process, int port)
    {
        (this.process, Port) = (process, port);
        _ = ReadAsync();
    }

    public int Port { get; }

    /// <summary>How many it has.</summary>
    public int Count => mails.Count;

    /// <summary>In the order they came.</summary>
    public IReadOnlyList<MimeMessage> Mails => [.. mails];

    /// <summary>The recipient of each.</summary>
    public IReadOnlyList<string> Recipients => [.. mails.Select(m => m.To.Mailboxes.Single().Address)];

    /// <summary>What a service needs to send to it, as fast as it can.</summary>
    public Dictionary<string, string?> Settings(int? port = null) => new()
    {
        ["Sidecar:Mail:Host"] = "127.0.0.1", ["Sidecar:Mail:Port"] = $"{port ?? Port}", ["Sidecar:Mail:Tls"] = "none", ["Sidecar:Mail:From"] = "Tea House <partners@shop.example>",
        ["Sidecar:Mail:RatePerMinute"] = "0", ["Sidecar:Site:Name"] = "Tea House", ["Sidecar:Site:ServiceUrl"] = "https://partners.example/",
    };

    /// <param name="milliseconds">How long it takes to answer the end of a mail, which it has by then.</param>
    /// <param name="tls"><c>starttls</c> or <c>implicit</c>, with certificate and key: it takes no mail that is not encrypted.</param>
    public static async Task<MailSink> StartAsync(int milliseconds = 0, params string[] tls)
    {
        await Installed.Value;
        var process = Run("node", [Path.Combine(Folder, "sink.mjs"), $"{milliseconds}", .. tls]);
        return new(process, int.Parse((await process.StandardOutput.ReadLineAsync())!));
    }

    async Task ReadAsync()
    {
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            using var json = JsonDocument.Parse(line);
            using var raw = new MemoryStream(Encoding.Latin1.GetBytes(json.RootElement.GetProperty("raw").GetString()!));
            mails.Enqueue(await MimeMessage.LoadAsync(raw));
        }
    }

    static string Folder => Path.Combine(Repository.Root, "tests", "MailSink");

    /// <summary>What lies there is what the lock file says, unless that has changed.</summary>
    static async Task InstallAsync()
    {
        var (wanted, there) = (Path.Combine(Folder, "package-lock.json"), Path.Combine(Folder, "node_modules", ".lock"));
        if (File.Exists(there) && await File.ReadAllTextAsync(there) == await File.ReadAllTextAsync(wanted))
            return;
        using var npm = Run("npm", "ci", "--prefix", Folder, "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel", "error");
        await npm.StandardOutput.ReadToEndAsync();
        await npm.WaitForExitAsync();
        if (npm.ExitCode != 0)
            throw new InvalidOperationException($"npm ci in {Folder} ended with {npm.ExitCode}.");
        File.Copy(wanted, there, overwrite: true);
    }

    static Process Run(string program, params string[] arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardInput = true })!;

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
