using System.Globalization;
using AffiliateSidecar.Payouts;
using AffiliateSidecar.Storage;
using AffiliateSidecar.Templates;
using Scriban.Runtime;

namespace AffiliateSidecar.Fraud.EvidencePack;

/// <summary>A case to print: for the owner <c>templates/evidence/case.html</c> with everything, for the partner <c>templates/evidence/letter.html</c>.</summary>
sealed class EvidencePage(TemplateFiles files, PayoutSettings settings, IConfiguration configuration)
{
    // What is more stands in the rows.
    const int ShownOrders = 200, DaysToAnswer = 14;

    public string Shop => settings.Payer.Name;

    /// <param name="locales">What the reader understands, the best first; English where nothing fits.</param>
    /// <param name="endHash">Of the rows that belong to the page.</param>
    /// <exception cref="PageException">The template or a text is wrong.</exception>
    public string Render(CaseFacts facts, bool isForPartner, IEnumerable<string> locales, string endHash, DateTimeOffset now)
    {
        var languages = Language.All(files);
        var language = locales.Select(l => languages.FirstOrDefault(k => k.Code == l.Split('-')[0])).FirstOrDefault(l => l is not null) ?? languages[0];
        var words = new Wording(language, new Dictionary<string, string> { ["shop"] = Shop, ["days"] = language.Days(DaysToAnswer), ["until"] = facts.Case.HeldUntil is { } until ? language.Date(until) : "" });
        var findings = (isForPartner ? facts.Suspicions : facts.Findings).ToList();
        var customers = new CustomerNumbers();
        var values = new ScriptObject
        {
            ["language"] = new ScriptObject { ["code"] = language.Code, ["dir"] = language.Direction },
            ["shop"] = Shop, ["case_id"] = facts.Case.Id, ["opened"] = language.Date(facts.Case.OpenedAt), ["today"] = language.Date(now),
            ["partner"] = new ScriptObject { ["name"] = facts.Partner.Name, ["code"] = facts.Partner.Code, ["id"] = PublicId.Of(PublicId.Partner, facts.Partner.Id) },
            ["from"] = Date(language, facts.Span.From), ["to"] = Date(language, facts.Span.To),
            ["money"] = language.Of(new(facts.Case.MoneyMinor, facts.Case.Currency)), ["risk"] = language.Percent(Math.Round((decimal)facts.Case.Risk * 100)),
            ["is_held"] = facts.Case.HeldUntil is not null, ["version"] = language.Number(facts.RuleVersion), ["terms"] = Page(language), ["agreed_on_orders"] = facts.Orders.Any(o => o.Earned is not null), ["agreed"] = new ScriptArray(Agreed(facts.Terms, language)),
            ["findings"] = new ScriptArray(findings.Select(f => Finding(f, language))),
            ["plots"] = new ScriptArray(PlotsOf(facts, findings, language, words)),
            ["days"] = new ScriptArray(DaysOf(facts).Select(d => new ScriptObject
            {
                ["date"] = Date(language, d.Day), ["clicks"] = language.Number(d.Clicks), ["invalid"] = language.Number(d.Invalid), ["impressions"] = d.Impressions is { } shown ? language.Number(shown) : "", ["orders"] = language.Number(d.Orders),
            })),
            ["orders"] = new ScriptArray(facts.Orders.Take(ShownOrders).Select(o => new ScriptObject
            {
                ["number"] = o.Number, ["date"] = language.Date(o.PlacedAt), ["seconds"] = o.LagSeconds is { } lag ? language.Number(lag) : "", ["total"] = language.Of(o.Total),
                ["commission"] = o.Commission is { } money ? language.Of(money) : "", ["status"] = o.Status, ["customer"] = customers.Of(o.CustomerKey) is { } number ? language.Digits(number) : "", ["key"] = isForPartner ? "" : o.CustomerKey ?? "",
            })),
            ["orders_count"] = language.Number(facts.Orders.Count), ["orders_hidden"] = facts.Orders.Count > ShownOrders, ["end_hash"] = endHash,
        };
        values.Import("t", (string key) => words[key]);
        return new Renderer(files).Render(isForPartner ? "evidence/letter.html" : "evidence/case.html", values);
    }

    static string Date(Language language, DateOnly day) => language.Date(new(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero));

    string? Page(Language language, int? version = null) =>
        configuration["Sidecar:Site:BaseUrl"] is { Length: > 0 } url ? $"{url.TrimEnd('/')}/{language.Code}/terms/{(version is { } number ? string.Create(CultureInfo.InvariantCulture, $"{number}/") : "")}" : null;

    /// <summary>Versions whose clause has the same words are quoted once.</summary>
    IEnumerable<ScriptObject> Agreed(IReadOnlyList<AgreedTerms> terms, Language language) =>
        terms.Select(t => (Terms: t, Clause: t.Fairness(language.Code))).GroupBy(t => string.Join('\n', t.Clause.Select(l => l.Text))).Select(same => new ScriptObject
        {
            ["versions"] = new ScriptArray(same.Select(t => new ScriptObject { ["number"] = language.Number(t.Terms.Version), ["since"] = language.Date(t.Terms.EffectiveAt), ["href"] = Page(language, t.Terms.Version) })),
            ["heading"] = same.First().Clause.Select(l => l.Text).FirstOrDefault(), ["lines"] = new ScriptArray(same.First().Clause.Skip(1).Select(l => l.Text)),
        });

    static ScriptObject Finding(SignalFinding finding, Language language)
    {
        string Number(double? value) => value is { } number ? language.Number(Math.Round((decimal)Math.Clamp(number, -1e15, 1e15), 1)) : "";
        return new()
        {
            ["what"] = language.Family(finding.Family), ["signal"] = finding.Signal, ["is_suspicious"] = finding.IsSuspicious,
            ["seen"] = Number(finding.Finding.Evidence?.Seen), ["expected"] = Number(finding.Finding.Evidence?.Expected), ["usual"] = Number(finding.Finding.Evidence?.Usual),
            ["text"] = finding.Finding.Text, ["honest"] = finding.Finding.Honest ?? "",
        };
    }

    static IEnumerable<ScriptObject> PlotsOf(CaseFacts facts, IReadOnlyList<SignalFinding> findings, Language language, Wording words)
    {
        var plots = new Plots(language);
        ScriptObject Plot(string key, string svg, string? more = null) => new() { ["title"] = words[key], ["more"] = more ?? "", ["svg"] = svg };
        foreach (var measure in Measures.Of(findings.Where(f => f.IsSuspicious)))
            if (measure.Share(facts.Own) is { } own)
                yield return Plot(measure.Text, plots.Among(own, [.. facts.Others.Select(measure.Share).OfType<double>().Order()]), language.Percent(Math.Round((decimal)own * 100, 1)));
        if (facts.Own.Orders.Any(o => o.Lag is not null))
            yield return Plot("evidence.plots.lag", plots.Shares(Lags([facts.Own]), Lags(facts.Others), [.. Enumerable.Range(0, LagSteps.Seconds.Length + 1).Select(i => words[$"evidence.steps.{i}"])]));
        if (facts.Own.Days.Count > 0)
            yield return Plot("evidence.plots.hours", plots.Shares(Hours([facts.Own]), Hours(facts.Others), [.. Enumerable.Range(0, 24).Select(h => language.Number(h))]));
        var days = DaysOf(facts).ToList();
        var (first, last) = (Date(language, facts.Span.From), Date(language, facts.Span.To));
        yield return Plot("evidence.plots.clicks", plots.Days([.. days.Select(d => d.Clicks)], first, last));
        if (days.Any(d => d.Impressions > 0))
            yield return Plot("evidence.plots.impressions", plots.Days([.. days.Select(d => d.Impressions ?? 0)], first, last));
        yield return Plot("evidence.plots.orders", plots.Days([.. days.Select(d => d.Orders)], first, last));
    }

    static double[] Lags(IEnumerable<PartnerFigures> partners) =>
        [.. LagSteps.Of([.. partners.SelectMany(p => p.Orders).Select(o => o.Lag).OfType<double>().Select(l => (long)l).Order()]).Select(n => (double)n)];

    /// <summary>The mean of the partners' shares would be jumpy with few clicks, so clicks are counted together.</summary>
    static double[] Hours(IEnumerable<PartnerFigures> partners)
    {
        var hours = new double[24];
        foreach (var day in partners.SelectMany(p => p.Days))
            for (var hour = 0; hour < 24; hour++)
                hours[hour] += day.Hours[hour];
        return hours;
    }

    static IEnumerable<(DateOnly Day, long Clicks, long Invalid, long? Impressions, long Orders)> DaysOf(CaseFacts facts)
    {
        var days = facts.Own.Days.ToDictionary(d => d.Day);
        var orders = facts.Own.Orders.GroupBy(o => o.Day).ToDictionary(g => g.Key, g => g.LongCount());
        for (var day = facts.Span.From; day <= facts.Span.To; day = day.AddDays(1))
            yield return (day, days.GetValueOrDefault(day)?.Clicks ?? 0, days.GetValueOrDefault(day)?.Invalid ?? 0, days.GetValueOrDefault(day) is { Impressions.IsEmpty: false } shown ? shown.Impressions.Sum() : null, orders.GetValueOrDefault(day));
    }
}
