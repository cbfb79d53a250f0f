namespace AffiliateSidecar.Cli;

/// <summary>The settings of the section <c>Sidecar</c>. <c>name</c> stands for a name of the owner's choosing, <c>n</c> for 0, 1, 2, …, <c>budget</c> for key, public or form.</summary>
static class Setting
{
    public static readonly IReadOnlyList<string> All =
    [
        "Sidecar:BootstrapKey",
        "Sidecar:Fraud:Hold",
        "Sidecar:Fraud:OwnPurchases",
        "Sidecar:Http:TrustedProxies",
        "Sidecar:Http:TrustedProxies:n",
        "Sidecar:Insights:HourlyCost",
        "Sidecar:Insights:HoursPerWeek",
        "Sidecar:Insights:Margin",
        "Sidecar:Insights:Margins:name",
        "Sidecar:Insights:PayoutFee",
        "Sidecar:Insights:Tools:name",
        "Sidecar:Mail:From",
        "Sidecar:Mail:Host",
        "Sidecar:Mail:MonthlyPost",
        "Sidecar:Mail:Password",
        "Sidecar:Mail:Port",
        "Sidecar:Mail:RatePerMinute",
        "Sidecar:Mail:ReplyTo",
        "Sidecar:Mail:Tls",
        "Sidecar:Mail:User",
        "Sidecar:Payouts:Payer:Bic",
        "Sidecar:Payouts:Payer:Iban",
        "Sidecar:Payouts:Payer:Name",
        "Sidecar:Plugins:Folder",
        "Sidecar:RateLimit:budget:Requests",
        "Sidecar:RateLimit:budget:Seconds",
        "Sidecar:Shops:name:Kind",
        "Sidecar:Shops:name:Url",
        "Sidecar:Shops:name:Hosts:n",
        "Sidecar:Shops:name:WebhookSecret",
        "Sidecar:Shops:name:PartnerCodeMeta",
        "Sidecar:Shops:name:Witnesses:n",
        "Sidecar:Shops:name:ConnectionString",
        "Sidecar:Shops:name:TablePrefix",
        "Sidecar:Shops:name:SyncSeconds",
        "Sidecar:Shops:name:SweepDays",
        "Sidecar:Shops:name:SweepHour",
        "Sidecar:Shops:name:OrdersPerSecond",
        "Sidecar:Shops:name:StatementSeconds",
        "Sidecar:Site:BaseUrl",
        "Sidecar:Site:GoogleKeyFile",
        "Sidecar:Site:GoogleProperty",
        "Sidecar:Site:IndexNow:Key",
        "Sidecar:Site:IndexNow:Url",
        "Sidecar:Site:Monitor",
        "Sidecar:Site:Name",
        "Sidecar:Site:Out",
        "Sidecar:Site:Pages",
        "Sidecar:Site:ProductUrl",
        "Sidecar:Site:ServiceUrl",
        "Sidecar:Site:Watch",
        "Sidecar:Site:WidgetCode",
        "Sidecar:Tracking:RepeatMinutes",
        "Sidecar:Tracking:AllowedOrigins:n",
    ];

    public static bool IsKnown(string key) => All.Any(pattern => Fits(pattern.Split(':'), key.Split(':')));

    /// <summary>The known setting that the key is nearest to, with the owner's own names put in.</summary>
    public static string? Like(string key)
    {
        var parts = key.Split(':');
        return All.Where(p => p.Split(':').Length == parts.Length).Select(p => string.Join(':', p.Split(':').Zip(parts, (a, b) => a is "name" or "n" or "budget" ? b : a)))
            .Select(p => (Text: p, Distance: Distance(p.ToLowerInvariant(), key.ToLowerInvariant()))).Where(p => p.Distance <= 3).MinBy(p => p.Distance).Text;
    }

    static bool Fits(string[] pattern, string[] key) => pattern.Length == key.Length && pattern.Zip(key).All(pair =>
        pair.First == "name" || (pair.First == "n" ? int.TryParse(pair.Second, out _)
            : pair.First == "budget" ? pair.Second.ToLowerInvariant() is "key" or "public" or "form" : string.Equals(pair.First, pair.Second, StringComparison.OrdinalIgnoreCase)));

    /// <summary>Levenshtein.</summary>
    static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)));
        }
        return row[^1];
    }
}
