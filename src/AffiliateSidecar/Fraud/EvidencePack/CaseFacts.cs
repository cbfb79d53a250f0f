using AffiliateSidecar.Commissions;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Fraud.EvidencePack;

/// <summary>An order that a finding is about.</summary>
sealed record CaseOrder(string Id, string Number, DateTimeOffset PlacedAt, long? LagSeconds, Money Total, Money? Commission, string Status, bool? IsNewCustomer, string? CustomerKey)
{
    /// <summary>The rules that its commission follows, and since when; null where it has none.</summary>
    public (int Rules, DateTimeOffset At)? Earned { get; init; }
}

/// <summary>
/// All that a case's evidence is made of, as it was known at the end of its newest day: the same case gives the same pages and rows whenever they are asked for, as long as
/// the shop does not change the orders.
/// </summary>
sealed record CaseFacts(FraudCaseRow Case, PartnerRow Partner, IReadOnlyList<SignalFinding> Findings, ProgramFigures Figures, PartnerFigures Own, IReadOnlyList<PartnerFigures> Others,
    IReadOnlyList<CaseOrder> Orders, int RuleVersion, IReadOnlyList<AgreedTerms> Terms, DaySpan Span)
{
    const int ShownDays = 60;

    /// <summary>What speaks against the partner, strongest first.</summary>
    public IEnumerable<SignalFinding> Suspicions => Findings.Where(f => f.IsSuspicious && f.Finding.Evidence is not null).OrderByDescending(f => f.Strength);

    /// <summary>Null where there is no such case.</summary>
    public static async Task<CaseFacts?> LoadAsync(Database database, RuleStore rules, string id, CancellationToken cancel)
    {
        await using var db = database.Open();
        if (await db.FraudCases.FirstOrDefaultAsync(c => c.Id == id, cancel) is not { } row || await db.Partners.FirstOrDefaultAsync(p => p.Id == row.PartnerId, cancel) is not { } partner)
            return null;
        var findings = CaseEvidence.Read(row);
        var span = DaySpan.Last(DateOnly.FromDayNumber(row.EvidenceDay), ShownDays);
        var history = await FraudData.HistoryAsync(db, cancel);
        await foreach (var day in FraudData.DaysAsync(database, history, span.From, span.To, isReplay: false, cancel))
            history.Add(day);
        var figures = history.Figures();
        // Whoever has a case of his own is no measure of honesty, unless it was found to be fine.
        var suspects = (await db.FraudCases.Where(c => c.Verdict != "legitimate" || c.Verdict == null).Select(c => c.PartnerId).ToListAsync(cancel)).ToHashSet();
        var orders = await OrdersAsync(db, partner.Id, [.. findings.Where(f => f.IsSuspicious).SelectMany(f => f.Finding.Orders).Distinct()], cancel);
        var version = (await rules.AtAsync(db, row.OpenedAt, cancel)).Version;
        return new(row, partner, findings, figures, figures.Partners.FirstOrDefault(p => p.PartnerId == partner.Id) ?? new() { PartnerId = partner.Id, Code = partner.Code },
            [.. figures.Partners.Where(p => p.PartnerId != partner.Id && !suspects.Contains(p.PartnerId))],
            orders, version, await AgreedTerms.OfAsync(db, orders, (version, row.OpenedAt), cancel), span);
    }

    static async Task<IReadOnlyList<CaseOrder>> OrdersAsync(SidecarDb db, int partner, string[] ids, CancellationToken cancel)
    {
        var orders = new List<CaseOrder>();
        foreach (var some in ids.Chunk(500))
            orders.AddRange((await (from o in db.Orders
                                    from c in db.Commissions.Where(c => c.OrderId == o.Id && c.PartnerId == partner).DefaultIfEmpty()
                                    where some.Contains(o.Id) && o.PartnerId == partner
                                    select new { o.Id, o.ExternalId, o.PlacedAt, o.LagSeconds, o.TotalMinor, o.Currency, Commission = (long?)c.AmountMinor, Rules = (int?)c.RuleVersion, EarnedAt = (DateTimeOffset?)c.CreatedAt, o.Status, o.IsNewCustomer, o.CustomerKey }).ToListAsync(cancel))
                .Select(o => new CaseOrder(o.Id, o.ExternalId, o.PlacedAt, o.LagSeconds, new(o.TotalMinor, o.Currency), o.Commission is { } minor ? new(minor, o.Currency) : null, o.Status, o.IsNewCustomer, o.CustomerKey)
                {
                    Earned = o.Rules is { } rules && o.EarnedAt is { } at ? (rules, at) : null,
                }));
        return [.. orders.OrderBy(o => o.PlacedAt).ThenBy(o => o.Id, StringComparer.Ordinal)];
    }
}
