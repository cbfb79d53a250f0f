using System.Globalization;
using System.Text.RegularExpressions;
using MySqlConnector;

namespace AffiliateSidecar.Shops.Reading.Findings;

/// <summary>A server of a known kind and age, encrypted where others could listen, and of the same time as we are.</summary>
static partial class ServerCheck
{
    static readonly TimeSpan Tolerated = TimeSpan.FromSeconds(30);

    /// <returns>False where the server is too old to be read.</returns>
    public static async Task<bool> RunAsync(Examination examination, MySqlConnection connection, TimeProvider time, CancellationToken cancel)
    {
        var known = Version(examination, (await connection.ListAsync("SELECT VERSION()", cancel))[0]);
        if (!examination.Connection.IsLocal && !await IsEncryptedAsync(connection, cancel))
            examination.Warn("encryption", $"What {examination.Where} sends travels unencrypted, customers' addresses among it.",
                "Switch TLS on in the server and write SslMode=Required. Inside one machine's own network it may stay so.");
        await ClockAsync(examination, connection, time, cancel);
        return known;
    }

    static bool Version(Examination examination, string text)
    {
        // Galera nodes and proxies put 5.5.5- before MariaDB's own version.
        var number = Number().Match(text);
        var (name, least) = text.Contains("MariaDB", StringComparison.OrdinalIgnoreCase) ? ("MariaDB", new Version(10, 3)) : ("MySQL", new Version(5, 7));
        if (number.Success && System.Version.Parse(number.Groups[1].Value) >= least)
        {
            examination.Well("server", $"{name} {number.Groups[1].Value}.");
            return true;
        }
        examination.Failed("server", $"{name} {(number.Success ? number.Groups[1].Value : text)} is too old to be read safely: statements cannot be limited in time.",
            $"Update it to {name} {least} or later.");
        return false;
    }

    static async Task<bool> IsEncryptedAsync(MySqlConnection connection, CancellationToken cancel)
    {
        await using var command = new MySqlCommand("SHOW SESSION STATUS LIKE 'Ssl_cipher'", connection);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        return await reader.ReadAsync(cancel) && reader.GetString(1).Length > 0;
    }

    static async Task ClockAsync(Examination examination, MySqlConnection connection, TimeProvider time, CancellationToken cancel)
    {
        var before = time.GetUtcNow();
        var text = (await connection.ListAsync("SELECT DATE_FORMAT(UTC_TIMESTAMP(6), '%Y-%m-%dT%H:%i:%s.%fZ')", cancel))[0];
        var ours = before + (time.GetUtcNow() - before) / 2;
        var away = DateTimeOffset.Parse(text, CultureInfo.InvariantCulture) - ours;
        if (away.Duration() > Tolerated)
            examination.Warn("clock", $"The clock of the shop's database is {away.TotalSeconds:+0;-0} seconds from ours: changes are found late, clicks are matched wrongly.",
                "Let both machines use a time service such as chrony or systemd-timesyncd.");
        else
            examination.Well("clock", $"The clock of the shop's database is {Math.Abs(away.TotalSeconds):0.0} seconds from ours.");
    }

    [GeneratedRegex(@"^(?:5\.5\.5-)?(\d+\.\d+(?:\.\d+)?)")]
    private static partial Regex Number();
}
