using System.Diagnostics;
using System.Net.Sockets;
using MimeKit;

namespace AffiliateSidecar.Support;

/// <summary>A private Dovecot with one mailbox: what lies in its folder <c>new</c> has just been delivered.</summary>
public sealed class ImapServer : IAsyncDisposable
{
    // Dovecot's own processes refuse to be root's, and cannot change user otherwise.
    static readonly bool IsRoot = Environment.UserName == "root";

    readonly string folder = Directory.CreateTempSubdirectory("sidecar-imap-").FullName;
    Process? process;
    int delivered;

    public int Port { get; } = MariaDbServer.FreePort();

    public Dictionary<string, string?> Settings => new()
    {
        ["Sidecar:Threads:ImapHost"] = "127.0.0.1", ["Sidecar:Threads:ImapPort"] = $"{Port}", ["Sidecar:Threads:ImapTls"] = "none", ["Sidecar:Threads:ImapUser"] = "replies", ["Sidecar:Threads:ImapPassword"] = "right",
    };

    public static async Task<ImapServer> StartAsync()
    {
        var server = new ImapServer();
        foreach (var part in new[] { "new", "cur", "tmp" })
            Directory.CreateDirectory(Path.Combine(server.Mail, part));
        await File.WriteAllTextAsync(server.ConfigurationFile, server.Configuration());
        if (IsRoot)
        {
            await RunAsync("chmod", "755", server.folder);
            await RunAsync("chown", "-R", "mail:mail", server.Mail);
        }
        await server.BeginAsync();
        return server;
    }

    string Mail => Path.Combine(folder, "mail");

    string ConfigurationFile => Path.Combine(folder, "dovecot.conf");

    /// <summary>As a mail server puts it there: whole, under another name first.</summary>
    public async Task DeliverAsync(MimeMessage mail)
    {
        var name = $"{++delivered}.{Guid.NewGuid():N}.test";
        var file = Path.Combine(Mail, "tmp", name);
        await mail.WriteToAsync(file);
        if (IsRoot)
            await RunAsync("chown", "mail:mail", file);
        File.Move(file, Path.Combine(Mail, "new", name));
    }

    /// <summary>How many mails there are that nobody has seen.</summary>
    public int Unseen => Directory.GetFiles(Path.Combine(Mail, "new")).Length + Directory.GetFiles(Path.Combine(Mail, "cur")).Count(f => !Path.GetFileName(f).Split(":2,")[^1].Contains('S', StringComparison.Ordinal));

    /// <summary>As after a crash before the mark was written.</summary>
    public void Forget()
    {
        foreach (var file in Directory.GetFiles(Path.Combine(Mail, "cur")))
            File.Move(file, file[..file.LastIndexOf(":2,", StringComparison.Ordinal)] + ":2,");
    }

    public async Task BeginAsync()
    {
        process = Process.Start(new ProcessStartInfo(File.Exists("/usr/sbin/dovecot") ? "/usr/sbin/dovecot" : "dovecot", ["-F", "-c", ConfigurationFile]) { RedirectStandardError = true })
            ?? throw new InvalidOperationException("There is no dovecot. Run ./test.sh, which installs it.");
        for (var since = Stopwatch.StartNew(); since.Elapsed < TimeSpan.FromSeconds(20) && !process.HasExited; await Task.Delay(50))
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync("127.0.0.1", Port);
                return;
            }
            catch (SocketException)
            {
                // Not yet.
            }
        throw new InvalidOperationException($"Dovecot does not listen: {await process.StandardError.ReadToEndAsync()}");
    }

    public async Task EndAsync()
    {
        if (process is not { HasExited: false })
            return;
        // Its children end with it when it is asked, not when it is killed.
        await RunAsync("kill", $"{process.Id}");
        await process.WaitForExitAsync();
        process.Dispose();
        process = null;
    }

    string Configuration() => $$"""
        base_dir = {{folder}}/run
        log_path = {{folder}}/log
        protocols = imap
        listen = 127.0.0.1
        ssl = no
        disable_plaintext_auth = no
        first_valid_uid = 0
        mail_location = maildir:{{Mail}}
        {{(IsRoot ? "" : $"default_internal_user = {Environment.UserName}\ndefault_internal_group =\ndefault_login_user = {Environment.UserName}")}}
        passdb {
          driver = static
          args = password=right
        }
        userdb {
          driver = static
          args = {{(IsRoot ? "uid=mail gid=mail " : "")}}home={{folder}}
        }
        service anvil {
          chroot =
        }
        service imap-login {
          chroot =
          inet_listener imap {
            port = {{Port}}
          }
          inet_listener imaps {
            port = 0
          }
        }
        """;

    static async Task RunAsync(string program, params string[] arguments)
    {
        using var run = Process.Start(program, arguments);
        await run.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        Directory.Delete(folder, recursive: true);
    }
}
