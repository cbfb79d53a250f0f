using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.RegularExpressions;
using MySqlConnector;

namespace AffiliateSidecar.Shops.Reading.Findings;

/// <summary>Why a connection could not be opened, each cause in its own sentence: the driver has one for five of them.</summary>
static partial class ConnectionTrouble
{
    // Codes the driver has no name for.
    const int NoPasswordLogin = 1698, MustChangePassword = 1820, ExpiredPassword = 1862, LockedInMySql = 3118, InsecureTransport = 3159, LockedInMariaDb = 4151;

    public static async Task<(string Name, string What, string Mend)> ExplainAsync(Examination examination, MySqlException e, CancellationToken cancel)
    {
        var setting = examination.Setting("ConnectionString");
        if (RefusedHost().Match(e.Message) is { Success: true } host)
            examination.Account.Host = host.Groups[1].Value;
        var account = examination.Account.Quoted;
        if (Inner<AuthenticationException>(e) is { } certificate)
            return Certificate(examination, certificate);
        if (IsWithoutTls(e))
            return ("encryption", $"SslMode={examination.Connection.SslMode} demands TLS, and {examination.Where} offers none.",
                "Switch TLS on in the server (ssl_cert and ssl_key), or leave SslMode out if nobody can listen between here and there.");
        return e.Number switch
        {
            (int)MySqlErrorCode.AccessDenied or InsecureTransport => await RefusedAsync(examination, account, cancel),
            NoPasswordLogin => ("account", $"The server does not let {account} in with a password (it asks the operating system who is calling).",
                "Use an account of its own, with a password: the statements below make one."),
            (int)MySqlErrorCode.HostNotPrivileged => ("account", $"The server lets nobody in from '{examination.Account.Host}', which is where it sees this machine.",
                "Make an account for this host: the statements below do."),
            (int)MySqlErrorCode.HostIsBlocked => ("connection", "The server has shut this machine out after too many broken connections.",
                "As an administrator of the server: FLUSH HOSTS;"),
            (int)MySqlErrorCode.ConnectionCountError or (int)MySqlErrorCode.TooManyUserConnections or (int)MySqlErrorCode.UserLimitReached =>
                ("connection", "The server has as many connections as it allows.", "Try again later, or raise max_connections or the limit of this account."),
            MustChangePassword or ExpiredPassword => ("account", $"The password of {account} has expired.", $"ALTER USER {account} PASSWORD EXPIRE NEVER;"),
            LockedInMySql or LockedInMariaDb => ("account", $"The account {account} is locked.", $"ALTER USER {account} ACCOUNT UNLOCK;"),
            (int)MySqlErrorCode.UnableToConnectToHost => await UnreachableAsync(examination, e, cancel),
            _ when e.Message.Contains("caching_sha2_password", StringComparison.Ordinal) =>
                ("encryption", "The server takes this account's password only over TLS.", $"Take SslMode out of {setting}, or set SslMode=Required."),
            _ when e.InnerException is IOException => ("settings", "A file that the connection string names (a certificate, a key) cannot be read.",
                $"Check SslCa, SslCert and SslKey in {setting}."),
            _ when examination.Connection.ConnectionProtocol == MySqlConnectionProtocol.UnixSocket =>
                ("connection", "There is no socket of a server at the path given.", $"Check Server= in {setting}, and that the server runs."),
            _ => ("connection", $"{examination.Where} refuses the connection: {e.Message.TrimEnd('.')}.", $"Check {setting}, and look into the server's error log."),
        };
    }

    /// <summary>Wrong password, no such account, no account for this host, TLS demanded: the server answers all of them alike.</summary>
    static async Task<(string, string, string)> RefusedAsync(Examination examination, string account, CancellationToken cancel)
    {
        var setting = examination.Setting("ConnectionString");
        var offersTls = true;
        if (examination.Connection.SslMode is MySqlSslMode.None or MySqlSslMode.Preferred)
            try
            {
                // What the driver does by itself where the owner has said nothing of TLS.
                await using var encrypted = await ConnectionCheck.OpenAsync(new MySqlConnectionStringBuilder(examination.Connection.ConnectionString) { SslMode = MySqlSslMode.Required, Database = "" }, cancel);
                return ("encryption", $"The server demands TLS of {account}, and SslMode={examination.Connection.SslMode} does without.",
                    $"Write SslMode=Required in {setting}; with SslCa=… and SslMode=VerifyFull the server must prove who it is, too.");
            }
            catch (MySqlException e)
            {
                offersTls = !IsWithoutTls(e);
            }
        var password = examination.Connection.Password.Length == 0 ? "the connection string has no password" : "the password is wrong";
        return ("account", $"The server does not let {account} in: {password}, or there is no such account for this host"
                + (offersTls ? "." : ", or the account demands TLS (REQUIRE SSL), which this server does not offer."),
            $"Correct User ID and Password in {setting}. A forgotten password is set anew with ALTER USER {account} IDENTIFIED BY '…'; an account that is "
                + "not there is made by the statements below." + (offersTls ? "" : $" ALTER USER {account} REQUIRE NONE does without TLS."));
    }

    static (string, string, string) Certificate(Examination examination, AuthenticationException e)
    {
        var setting = examination.Setting("ConnectionString");
        if (e.Message.Contains("NameMismatch", StringComparison.Ordinal) && !e.Message.Contains("ChainErrors", StringComparison.Ordinal))
            return ("encryption", $"The server's certificate is not made out to the name {examination.Connection.Server}.",
                $"Write the name that is in the certificate as Server= in {setting}, or set SslMode=VerifyCA, which does not compare names.");
        return e.Message.Contains("ChainErrors", StringComparison.Ordinal)
            ? ("encryption", "The server's certificate is not signed by anybody this machine trusts, or has expired.",
                $"Name the file of the authority that signed it in {setting}: SslCa=…. SslMode=Required would encrypt without looking at the certificate.")
            : ("encryption", "The server and this machine could not agree on TLS.", "Let the server offer TLS 1.2 or 1.3, and a certificate that has not expired.");
    }

    static async Task<(string, string, string)> UnreachableAsync(Examination examination, MySqlException e, CancellationToken cancel)
    {
        var (host, port, where) = (examination.Connection.Server.Split(',')[0].Trim(), (int)examination.Connection.Port, examination.Where);
        var setting = examination.Setting("ConnectionString");
        const string firewall = "Check host and port, and that no firewall stands between this machine and the server.";
        if (e.InnerException is not null && Inner<SocketException>(e)?.SocketErrorCode is null or SocketError.OperationAborted)
            return ("connection", $"Something at {where} takes connections but does not answer as MySQL or MariaDB does.",
                $"Check Port= in {setting} (usually 3306), and a proxy or tunnel if one stands there.");
        try
        {
            using var socket = new TcpClient();
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            limit.CancelAfter(TimeSpan.FromSeconds(2));
            await socket.ConnectAsync(host, port, limit.Token);
            return ("connection", $"{where} takes connections but broke ours off.", "Try again, and look into the server's error log.");
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return ("connection", $"{where} does not answer.", firewall);
        }
        catch (SocketException failure)
        {
            return failure.SocketErrorCode switch
            {
                SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain or SocketError.NoRecovery =>
                    ("connection", $"There is no host named {host}.", $"Correct Server= in {setting}."),
                SocketError.ConnectionRefused => ("connection", $"Nothing listens at {where}.",
                    $"Start the database server, correct Server= and Port= in {setting}, or let the server listen to other machines (bind-address)."),
                _ => ("connection", $"{where} cannot be reached: {failure.Message}.", firewall),
            };
        }
    }

    static bool IsWithoutTls(MySqlException e) => e.Message.Contains("does not support SSL", StringComparison.OrdinalIgnoreCase);

    static T? Inner<T>(Exception? e) where T : Exception => e is null or T ? e as T : Inner<T>(e.InnerException);

    /// <summary>The server names the host it sees: <c>'user'@'host'</c>, or <c>Host 'host' is not allowed</c>.</summary>
    [GeneratedRegex(@"(?:'@|Host )'([^']+)'")]
    private static partial Regex RefusedHost();
}
