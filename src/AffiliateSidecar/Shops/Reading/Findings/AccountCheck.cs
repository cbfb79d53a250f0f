using MySqlConnector;

namespace AffiliateSidecar.Shops.Reading.Findings;

/// <summary>
/// The account cannot write: it has no right to, and the server refuses to even plan a change of an order with it.
/// </summary>
static class AccountCheck
{
    public static async Task RunAsync(Examination examination, MySqlConnection connection, CancellationToken cancel)
    {
        var (user, host) = Part((await connection.ListAsync("SELECT CURRENT_USER()", cancel))[0]);
        var (_, seenFrom) = Part((await connection.ListAsync("SELECT USER()", cancel))[0]);
        examination.Account.Is(user.Length > 0 ? user : examination.Account.User, host.Length > 0 ? host : seenFrom);
        var account = Sql.Account(user, host);
        // Without FOR CURRENT_USER: MariaDB then tells of everybody's rights, too.
        var grants = (await connection.ListAsync("SHOW GRANTS", cancel)).Select(Grant.Parse).OfType<Grant>().ToList();
        var excess = grants.Where(g => g.IsRole || g.Excess.Count > 0).ToList();
        var planned = connection.Database.Length > 0 ? await PlannedAsync(examination, connection, cancel) : null;
        if (excess.Count > 0 || planned is not null)
        {
            if (!excess.TrueForAll(g => g.ToEverybody) || excess.Count == 0)
                examination.Account.Replace(seenFrom);
            examination.Failed("account", $"{account} can do more than read: {(excess.Count > 0 ? string.Join("; ", excess.Take(5)) : planned)}.",
                Mend(examination, account, grants, excess));
            return;
        }
        examination.Well("account", $"{account} can read and nothing else.");
        if (grants.FirstOrDefault(g => g.IsBroad) is { } broad)
            examination.Warn("account", $"{account} may read all of {broad.On}, more than is needed: the accounts of customers and staff, for instance.",
                $"{RevokeAll(account)} Then run the statements below.");
    }

    /// <summary><c>user@host</c>; the name may have an @ in it, the host has none.</summary>
    static (string User, string Host) Part(string account) => account.LastIndexOf('@') is >= 0 and var at ? (account[..at], account[(at + 1)..]) : (account, "");

    static string Mend(Examination examination, string account, List<Grant> grants, List<Grant> excess)
    {
        var everybodys = excess.Where(g => g.ToEverybody).ToList();
        var mend = everybodys.Count == 0 ? "" : $"Every account has rights from PUBLIC: {string.Join(' ', everybodys.Select(g => Revoke(g, "PUBLIC")))} ";
        if (everybodys.Count > 0 && everybodys.Count == excess.Count)
            return mend.TrimEnd();
        mend += $"Make another account with the statements below and write it into {examination.Setting("ConnectionString")}.";
        // An administrator's rights are nobody's to take away.
        return grants.Exists(g => g.Privileges.Contains("ALL PRIVILEGES") && g.On == "*.*") ? mend
            : $"{mend} Only if nothing else, the shop above all, uses {account}, take its rights away instead and check again: "
                + string.Join(' ', [RevokeAll(account), .. excess.Where(g => g.IsRole && !g.ToEverybody).Select(g => Revoke(g, account))]);
    }

    static string RevokeAll(string account) => $"REVOKE ALL PRIVILEGES, GRANT OPTION FROM {account};";

    static string Revoke(Grant grant, string from) => grant.IsRole ? $"REVOKE {grant.On} FROM {from};" : $"REVOKE {string.Join(", ", grant.Privileges)} ON {grant.On} FROM {from};";

    /// <summary>What the server would do with the account, though no grant says so. To explain a statement needs its right and executes nothing.</summary>
    internal static async Task<string?> PlannedAsync(Examination examination, MySqlConnection connection, CancellationToken cancel)
    {
        string[] tables = examination.Shop.Kind == "woocommerce" ? ["wc_orders", "posts"] : ["orders"];
        foreach (var table in tables.Select(t => Sql.Name(examination.Shop.TablePrefix + t)))
            foreach (var (verb, sql) in new[] { ("UPDATE", $"EXPLAIN UPDATE {table} SET id = id WHERE 1 = 0"), ("DELETE", $"EXPLAIN DELETE FROM {table} WHERE 1 = 0") })
                try
                {
                    await connection.ListAsync(sql, cancel);
                    return $"{verb} on {table}";
                }
                catch (MySqlException e) when (e.SqlState is not (null or "" or "08S01"))
                {
                    // Refused, or no such table or column: the grants decide.
                }
        return null;
    }
}
