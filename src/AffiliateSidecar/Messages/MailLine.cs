using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace AffiliateSidecar.Messages;

/// <summary>The server does not take our mail now, whosever it is: it is down, the password is wrong, our sender is refused. In a sentence.</summary>
sealed class MailServerException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>One connection to the mail server, for as long as there is something to send.</summary>
sealed class MailLine(MailSettings settings) : IAsyncDisposable
{
    // The server may look at a mail for minutes before it answers the last dot (RFC 5321, 4.5.3.2.6).
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(5), Greeting = TimeSpan.FromSeconds(30);

    SmtpClient? client;

    /// <exception cref="MailServerException">There is no talking to it.</exception>
    public async Task OpenAsync(CancellationToken cancel)
    {
        if (client is { IsConnected: true })
            return;
        await DisposeAsync();
        // Lists of revoked certificates are fetched from third parties, who are not always there; browsers do not ask either.
        var fresh = new SmtpClient { CheckCertificateRevocation = false, Timeout = (int)Limit.TotalMilliseconds };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Greeting);
        try
        {
            await fresh.ConnectAsync(await SocketAsync(limit.Token), settings.Host!, settings.Port, settings.Tls, limit.Token);
            if (settings.User is not null)
                await fresh.AuthenticateAsync(settings.User, settings.Password ?? "", limit.Token);
            // In pieces the last byte would end a mail, and not the dot that is waited for.
            fresh.Capabilities &= ~(SmtpCapabilities.Chunking | SmtpCapabilities.BinaryMime);
            client = fresh;
        }
        catch (Exception e) when (IsTrouble(e) && !cancel.IsCancellationRequested)
        {
            fresh.Dispose();
            throw new MailServerException($"The mail server {settings.Host}:{settings.Port} cannot be used: {Sentence(e)}", e);
        }
        catch
        {
            fresh.Dispose();
            throw;
        }
    }

    /// <summary>
    /// The dot goes out at once: by itself the network would wait for word of the text before it, which the other side holds back for a twenty-fifth of a second.
    /// </summary>
    async Task<Socket> SocketAsync(CancellationToken cancel)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(settings.Host!, settings.Port, cancel);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>What the server answered to the last dot.</summary>
    public async Task<string> SendAsync(MimeMessage message)
    {
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            return await client!.SendAsync(message, limit.Token);
        }
        catch
        {
            // Wherever it broke off: the next mail begins with a greeting.
            client!.Dispose();
            client = null;
            throw;
        }
    }

    /// <summary>What a server or the way to it can do wrong.</summary>
    public static bool IsTrouble(Exception e) => e is SocketException or IOException or ProtocolException or SmtpCommandException or AuthenticationException or SslHandshakeException
        or NotSupportedException or OperationCanceledException or TimeoutException or ServiceNotConnectedException or ServiceNotAuthenticatedException;

    public static string Sentence(Exception e) => (e switch
    {
        OperationCanceledException or TimeoutException => "it did not answer in time",
        SmtpCommandException command => $"{(int)command.StatusCode} {command.Message}",
        _ => e.Message,
    }).ReplaceLineEndings(" ").TrimEnd('.') + ".";

    public async ValueTask DisposeAsync()
    {
        if (client is null)
            return;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try
        {
            await client.DisconnectAsync(quit: true, limit.Token);
        }
        catch (Exception e) when (IsTrouble(e))
        {
            // Gone before we said goodbye.
        }
        client.Dispose();
        client = null;
    }
}
