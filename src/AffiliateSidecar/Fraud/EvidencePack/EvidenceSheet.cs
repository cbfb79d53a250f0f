using System.Globalization;
using AffiliateSidecar.Http;

namespace AffiliateSidecar.Fraud.EvidencePack;

/// <summary>A row of the evidence: what it is says <see cref="Kind"/>, and the columns that do not belong to it are empty.</summary>
sealed record EvidenceRow(int Row, string Kind)
{
    /// <summary>A time, or a day.</summary>
    public string? At { get; init; }

    /// <summary>The case, the version of the terms, the signal, or the shop's number of the order.</summary>
    public string? Name { get; init; }
    public double? Seen { get; init; }
    public double? Expected { get; init; }
    public double? Usual { get; init; }
    public long? Clicks { get; init; }
    public long? InvalidClicks { get; init; }
    public long? Impressions { get; init; }
    public long? Orders { get; init; }
    public long? SecondsAfterClick { get; init; }
    public Money? Amount { get; init; }
    public Money? Commission { get; init; }
    public string? Currency { get; init; }
    public string? Customer { get; init; }
    public string? Text { get; init; }
}

/// <summary>The rows behind a case, sealed by a <see cref="HashChain"/>.</summary>
static class EvidenceSheet
{
    public static (byte[] Csv, string End) Of(CaseFacts facts, string shop, bool isForPartner)
    {
        using var stream = new MemoryStream();
        Csv.Write(stream, Rows(facts, shop, isForPartner));
        return HashChain.Seal(stream.ToArray());
    }

    static IEnumerable<EvidenceRow> Rows(CaseFacts facts, string shop, bool isForPartner)
    {
        var number = 0;
        EvidenceRow Next(string kind) => new(++number, kind);
        // When the case was opened, not when the file is made: the same file again has the same hashes.
        yield return Next("case") with
        {
            At = Rfc3339.Format(facts.Case.OpenedAt), Name = facts.Case.Id, Text = OneLine($"{shop}, partner {facts.Partner.Code}, evidence up to {Day(facts.Span.To)}"),
            Amount = isForPartner ? null : new(facts.Case.MoneyMinor, facts.Case.Currency), Currency = isForPartner ? null : facts.Case.Currency,
        };
        foreach (var terms in facts.Terms)
            yield return Next("terms") with { At = Rfc3339.Format(terms.EffectiveAt), Name = $"{terms.Version}", Text = $"SHA-256 of the texts {terms.Hash}" };
        foreach (var finding in isForPartner ? facts.Suspicions : facts.Findings)
            yield return Next("finding") with
            {
                Name = OneLine(finding.Signal), Seen = finding.Finding.Evidence?.Seen, Expected = finding.Finding.Evidence?.Expected, Usual = finding.Finding.Evidence?.Usual,
                Text = isForPartner ? null : OneLine(finding.Finding.Text),
            };
        var orders = facts.Own.Orders.GroupBy(o => o.Day).ToDictionary(g => g.Key, g => g.LongCount());
        var days = facts.Own.Days.ToDictionary(d => d.Day);
        for (var day = facts.Span.From; day <= facts.Span.To; day = day.AddDays(1))
            if (days.TryGetValue(day, out var figures) | orders.TryGetValue(day, out var count))
                yield return Next("day") with
                {
                    At = Day(day), Clicks = figures?.Clicks ?? 0, InvalidClicks = figures?.Invalid ?? 0, Impressions = figures is { Impressions.IsEmpty: false } ? figures.Impressions.Sum() : null, Orders = count,
                };
        var customers = new CustomerNumbers();
        foreach (var order in facts.Orders)
            yield return Next("order") with
            {
                At = Rfc3339.Format(order.PlacedAt), Name = OneLine(order.Number), SecondsAfterClick = order.LagSeconds, Amount = order.Total, Commission = order.Commission, Currency = order.Total.Currency,
                Customer = isForPartner ? customers.Of(order.CustomerKey) : order.CustomerKey,
                Text = isForPartner ? order.Status : order.Status + order.IsNewCustomer switch { true => ", new customer", false => ", known customer", null => "" },
            };
        yield return Next(HashChain.EndKind) with { Text = $"{number} rows" };
    }

    static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    // A row is a line: whatever would break it becomes a space.
    static string OneLine(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
}

/// <summary>"Customer 2" instead of who it is: enough to see that somebody bought twice.</summary>
sealed class CustomerNumbers
{
    readonly Dictionary<string, int> numbers = [];

    public string? Of(string? key)
    {
        if (key is null)
            return null;
        if (!numbers.TryGetValue(key, out var number))
            numbers[key] = number = numbers.Count + 1;
        return number.ToString(CultureInfo.InvariantCulture);
    }
}
