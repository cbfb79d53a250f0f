using System.Globalization;
using LinqToDB.Data;

namespace AffiliateSidecar.Shops.Reading.Findings;

/// <summary>The session in which orders are read refuses to write and gives up in time.</summary>
static class SessionCheck
{
    /// <summary>A question of the check itself is never worth more of the server's time.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    public static async Task RunAsync(Examination examination, ShopDb db, CancellationToken cancel)
    {
        // MariaDB before 11.1 and MySQL have other names for the same things.
        var variables = await db.QueryToListAsync<Variable>(
            "SHOW VARIABLES WHERE Variable_name IN ('tx_read_only', 'transaction_read_only', 'max_statement_time', 'max_execution_time')", cancel);
        var timeout = examination.Shop.StatementTimeout;
        var seconds = variables.Where(v => v.Variable_name.StartsWith("max_", StringComparison.Ordinal))
            .Select(v => double.Parse(v.Value, CultureInfo.InvariantCulture) / (v.Variable_name == "max_statement_time" ? 1 : 1000)).FirstOrDefault();
        var readOnly = variables.Exists(v => v.Variable_name.EndsWith("_read_only", StringComparison.Ordinal) && v.Value == "ON");
        if (Math.Abs(seconds - timeout.TotalSeconds) < 1 && readOnly)
            examination.Well("session", $"It refuses to write, and the server ends a statement after {seconds:0} seconds.");
        else
            examination.Failed("session", seconds > 0 ? "The session does not refuse to write." : "The server does not end a statement that takes too long.",
                "If a proxy such as ProxySQL or MaxScale stands before the server, connect to the server itself.");
        db.CommandTimeout = (int)Limit.TotalSeconds + 1;
        await LimitAsync(db, Limit, cancel);
    }

    /// <summary>How long the server works on a further statement.</summary>
    public static Task LimitAsync(ShopDb db, TimeSpan limit, CancellationToken cancel) => db.ExecuteAsync($"SET SESSION {ShopDb.Limit(db.OpenDbConnection(), limit)}", cancel);

    sealed class Variable
    {
        public string Variable_name { get; init; } = "";
        public string Value { get; init; } = "";
    }
}
