using System.Diagnostics;
using AffiliateSidecar.Support;
using Xunit;

namespace AffiliateSidecar.Messages;

public sealed class MailTlsTests
{
    [Fact]
    public async Task Mails_leave_encrypted_to_a_server_that_is_known_and_in_plain_text_to_none_unless_told_so()
    {
        var folder = Directory.CreateTempSubdirectory("sidecar-tls-").FullName;
        var (certificate, key) = Certificate.Write(folder, "localhost");
        await using var startTls = await MailSink.StartAsync(0, "starttls", certificate, key);
        await using var @implicit = await MailSink.StartAsync(0, "implicit", certificate, key);
        await using var plain = await MailSink.StartAsync();
        Task<(int Exit, string Text)> SendAsync(MailSink sink, string mode, bool trusts = true) => MailTestAsync(folder, sink, mode, trusts ? certificate : null);

        var sent = await Task.WhenAll(SendAsync(startTls, "starttls"), SendAsync(@implicit, "implicit"), SendAsync(startTls, "optional"));
        Assert.All(sent, s => Assert.True(s.Exit == 0, s.Text));
        Assert.Equal((2, 1), (startTls.Count, @implicit.Count));
        // A stranger's certificate; a server that says it knows no STARTTLS, as somebody on the way could; one that wants it, and is not asked.
        var refused = await Task.WhenAll(SendAsync(startTls, "starttls", trusts: false), SendAsync(plain, "starttls"), SendAsync(startTls, "none"));
        Assert.All(refused, s => Assert.True(s.Exit == 1, s.Text));
        Assert.Contains("certificate", refused[0].Text, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("STARTTLS", refused[1].Text, StringComparison.Ordinal);
        Assert.Contains("5.7.0 Must issue a STARTTLS command first", refused[2].Text, StringComparison.Ordinal);
        Assert.Equal((2, 1, 0), (startTls.Count, @implicit.Count, plain.Count));
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>In a process of its own, since whom it trusts is said by the environment.</summary>
    static async Task<(int Exit, string Text)> MailTestAsync(string folder, MailSink sink, string mode, string? trusted)
    {
        var data = Directory.CreateDirectory(Path.Combine(folder, Guid.NewGuid().ToString("N"))).FullName;
        var start = new ProcessStartInfo("dotnet",
        [
            typeof(Program).Assembly.Location, "mail", "test", "--to", "sara@partner.example", "--data", data, "--Sidecar:Mail:Host=localhost", $"--Sidecar:Mail:Port={sink.Port}", $"--Sidecar:Mail:Tls={mode}",
            "--Sidecar:Mail:From=partners@shop.example",
        ]) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (trusted is not null)
            start.Environment["SSL_CERT_FILE"] = trusted;
        using var process = Process.Start(start)!;
        var text = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, string.Concat(text));
    }
}
