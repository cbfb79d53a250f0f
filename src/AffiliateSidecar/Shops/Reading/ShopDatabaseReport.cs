namespace AffiliateSidecar.Shops.Reading;

/// <summary>What the connection to a shop's database is like.</summary>
/// <param name="Findings">From what everything stands on to what stands on it. Where one fails, those that stand on it are not there.</param>
/// <param name="Statements">SQL that makes an account which can read what is needed and nothing else; empty where no database is named, and where nobody can say which tables are meant.</param>
/// <param name="Doubt">What is not known about the tables in the statements, or why there are none; null where all of them have been seen.</param>
sealed record ShopDatabaseReport(string Shop, IReadOnlyList<ShopFinding> Findings, IReadOnlyList<string> Statements, string? Doubt = null)
{
    public bool Ok => Findings.All(f => f.Condition != ShopFinding.Failed);
}

/// <summary>What was found about one thing, without secrets and without anything about a customer.</summary>
/// <param name="Name">What was looked at.</param>
/// <param name="Condition"><c>ok</c>, <c>warn</c> or <c>failed</c>.</param>
/// <param name="What">What is so, in a sentence or two.</param>
/// <param name="Mend">What to do; null where all is well.</param>
sealed record ShopFinding(string Name, string Condition, string What, string? Mend)
{
    public const string Ok = "ok", Warn = "warn", Failed = "failed";
}
