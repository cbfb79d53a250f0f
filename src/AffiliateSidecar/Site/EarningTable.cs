using System.Globalization;
using System.Text.Json;
using AffiliateSidecar.Commissions;
using AffiliateSidecar.Templates;
using Scriban.Runtime;

namespace AffiliateSidecar.Site;

/// <summary>What orders of several sizes bring, each computed by the engine that pays: so caps and fixed amounts are in it, and no page multiplies a rate by itself.</summary>
sealed class EarningTable
{
    const int Steps = 20;

    /// <summary>Which of the steps the page lists; the calculator has all.</summary>
    static readonly int[] Listed = [3, 9, 10, 13, 18];

    /// <summary>Where the calculator begins, with ten orders.</summary>
    const int First = 7;

    readonly IReadOnlyList<(Money Base, Money Commission)> rows;

    public EarningTable(RuleSet rules, RuleData shown, CommissionEngine engine, DateTimeOffset now) =>
        rows = [.. Enumerable.Range(1, Steps).Select(step => Example.Sale(rules, shown, engine, now, Size(step)))];

    /// <summary>In units of the example: 5, 10, … 50, then 100, 150, …</summary>
    static decimal Size(int step) => step <= 10 ? 5 * step : 50 * (step - 9);

    public string Sums => string.Join(' ', rows);

    public void AddTo(ScriptObject program, Language language)
    {
        ScriptObject Row(int i) => new()
        {
            ["step"] = i, ["base"] = language.Of(rows[i].Base), ["one"] = language.Of(rows[i].Commission),
            ["ten"] = language.Of(new Money(10 * rows[i].Commission.Minor, rows[i].Commission.Currency)),
        };
        program["examples"] = new ScriptArray(Listed.Select(Row));
        program["first"] = Row(First);
        program["grid"] = JsonSerializer.Serialize(rows.Select(r => new[] { r.Base.Amount, r.Commission.Amount }));
        program["money"] = language.MoneyPattern(rows[0].Base.Currency).Replace("{n}", "#", StringComparison.Ordinal);
        program["decimals"] = Currency.Exponent(rows[0].Base.Currency).ToString(CultureInfo.InvariantCulture);
        program["steps"] = (Steps - 1).ToString(CultureInfo.InvariantCulture);
    }
}
