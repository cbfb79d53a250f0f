using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AffiliateSidecar.Http;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Fraud;

/// <summary>Which alerts.</summary>
public sealed class AlertFilter
{
    /// <summary><c>open</c> or <c>resolved</c>.</summary>
    [OneOf("open", "resolved")]
    public string? Status { get; init; }

    /// <summary>A partner's id.</summary>
    [MaxLength(60)]
    public string? Partner { get; init; }
}

/// <summary>What an alert was.</summary>
public sealed record FraudVerdict
{
    /// <summary><c>fraud</c> or <c>legitimate</c>.</summary>
    [OneOf("fraud", "legitimate")]
    public required string Verdict { get; init; }

    /// <summary><c>none</c>, <c>hold</c>, <c>reverse</c> or <c>suspend</c>.</summary>
    [OneOf("none", "hold", "reverse", "suspend"), DefaultValue("none")]
    public string Action { get; init; } = CaseAction.None;

    /// <summary>For the audit log and for yourself.</summary>
    /// <example>He runs the site of the fair; the orders are real.</example>
    [MaxLength(2000)]
    public string? Note { get; init; }
}

/// <summary>What the owner was told of a partner.</summary>
public record AlertView
{
    public required string Id { get; init; }

    /// <summary><c>open</c> or <c>resolved</c>.</summary>
    public required string Status { get; init; }
    public required string Partner { get; init; }
    public required string PartnerCode { get; init; }
    public required DateTimeOffset OpenedAt { get; init; }

    /// <summary>The day of the newest evidence.</summary>
    public required DateOnly EvidenceDay { get; init; }

    /// <summary>How likely it is that something is wrong, 0 to 1.</summary>
    public required double Risk { get; init; }

    /// <summary>Unpaid commission inside what is suspicious, and what the next 30 days would add at this rate.</summary>
    public required Money MoneyAtRisk { get; init; }

    /// <summary>Of it what is unpaid now.</summary>
    public required Money Unpaid { get; init; }

    /// <summary>Of it the next 30 days.</summary>
    [System.Text.Json.Serialization.JsonPropertyName("next_30_days")]
    public required Money Next30Days { get; init; }

    /// <summary>Reason codes, the most important first.</summary>
    public required IReadOnlyList<string> Reasons { get; init; }

    /// <summary>Alerts of one ring have the same: they came in one message.</summary>
    /// <example>alr_06bq3kq2s0v1</example>
    public required string Message { get; init; }

    /// <summary>How often you were told: again where the money doubles or evidence of another kind joins.</summary>
    public required int TimesTold { get; init; }

    /// <summary>Until when the pending commissions are held without a verdict; null where they are not.</summary>
    public DateTimeOffset? HeldUntil { get; init; }

    /// <summary><c>fraud</c> or <c>legitimate</c>; null while it is open.</summary>
    public string? Verdict { get; init; }

    /// <summary><c>none</c>, <c>hold</c>, <c>reverse</c> or <c>suspend</c>; null while it is open.</summary>
    public string? Action { get; init; }

    /// <example>He runs the site of the fair; the orders are real.</example>
    public string? Note { get; init; }
    public DateTimeOffset? ResolvedAt { get; init; }

    /// <summary>The id of the API key.</summary>
    /// <example>key_06bq3kq2s0v1</example>
    public string? ResolvedBy { get; init; }

    internal static AlertView Of(FraudCaseRow row, IReadOnlyDictionary<int, string> codes) => new(row, codes);

    public AlertView()
    {
    }

    [System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
    private protected AlertView(FraudCaseRow row, IReadOnlyDictionary<int, string> codes)
    {
        (Id, Status, Partner, PartnerCode) = (row.Id, row.Status, PublicId.Of(PublicId.Partner, row.PartnerId), codes[row.PartnerId]);
        (OpenedAt, EvidenceDay, Risk, Message, TimesTold) = (row.OpenedAt, DateOnly.FromDayNumber(row.EvidenceDay), Math.Round(row.Risk, 4), row.Message, row.Told);
        (MoneyAtRisk, Unpaid, Next30Days) = (new(row.MoneyMinor, row.Currency), new(row.MoneyMinor - row.NextMinor, row.Currency), new(row.NextMinor, row.Currency));
        Reasons = row.Reasons.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        HeldUntil = row.Status == CaseStatus.Open && row.ReleasedAt is null ? row.HeldUntil : null;
        (Verdict, Action, Note, ResolvedAt, ResolvedBy) = (row.Verdict, row.Action, row.Note, row.ResolvedAt, row.ResolvedBy);
    }
}

/// <summary>An alert with all that speaks for it.</summary>
public sealed record AlertDetailView : AlertView
{
    const int MostOrders = 200;

    // What is weaker is worth no line.
    const double LeastWeight = 0.5;

    /// <summary>What was seen, the strongest first.</summary>
    public IReadOnlyList<AlertEvidenceView> Evidence { get; init; } = [];

    /// <summary>What an honest reason would be; one for each kind of evidence that has one.</summary>
    public IReadOnlyList<string> HonestExplanations { get; init; } = [];

    /// <example>The pending commissions are held: look at the evidence, ask the partner how the traffic came about, then decide.</example>
    public string RecommendedAction { get; init; } = "";

    /// <summary>What the alert does to the commissions; null where it does nothing.</summary>
    public string? Hold { get; init; }

    /// <summary>What is held now for this alert.</summary>
    public Money Held { get; init; }

    /// <summary>The other partners of the ring; empty where the partner is alone.</summary>
    public IReadOnlyList<RingMemberView> Ring { get; init; } = [];

    /// <summary>Orders that the evidence is about, the newest first, at most 200; empty where it is about clicks.</summary>
    public IReadOnlyList<AlertOrderView> Orders { get; init; } = [];

    [System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
    AlertDetailView(FraudCaseRow row, IReadOnlyDictionary<int, string> codes) : base(row, codes)
    {
    }

    internal static async Task<AlertDetailView> OfAsync(SidecarDb db, FraudCaseRow row, CancellationToken cancel)
    {
        var findings = CaseEvidence.Read(row);
        var suspicions = findings.Where(f => f.IsSuspicious).ToList();
        var reason = CaseMoney.Reason(row.Id);
        var held = await db.Commissions.Where(c => c.PartnerId == row.PartnerId && c.Currency == row.Currency && c.Status == CommissionStatus.Held && c.OverrideReason == reason)
            .SumAsync(c => (long?)c.AmountMinor, cancel) ?? 0;
        return new AlertDetailView(row, await CaseText.CodesAsync(db, [row], cancel))
        {
            Evidence = [.. findings.Where(f => f.Weight >= LeastWeight).OrderByDescending(f => f.Weight).Select(f => new AlertEvidenceView
            {
                Signal = f.Signal, Family = f.Family, State = f.Finding.State, Reasons = f.Finding.Reason, Text = f.Finding.Text, Counts = f.Finding.Evidence, Honest = f.Finding.Honest,
                MoneyAtRisk = new(f.Finding.MoneyAtRiskMinor, row.Currency),
            })],
            HonestExplanations = [.. suspicions.Select(f => f.Finding.Honest).OfType<string>().Distinct()],
            RecommendedAction = CaseText.Recommended(row, findings),
            Hold = CaseText.Hold(row),
            Held = new(held, row.Currency),
            Ring = await RingAsync(db, row, [.. suspicions.SelectMany(f => f.Finding.Ring).Distinct().Where(p => p != row.PartnerId)], cancel),
            Orders = await OrdersAsync(db, row, [.. suspicions.SelectMany(f => f.Finding.Orders).Distinct()], cancel),
        };
    }

    static async Task<IReadOnlyList<RingMemberView>> RingAsync(SidecarDb db, FraudCaseRow row, int[] partners, CancellationToken cancel)
    {
        var together = await db.FraudCases.Where(c => c.Message == row.Message && c.Id != row.Id).Select(c => new { c.PartnerId, c.Id }).ToListAsync(cancel);
        var ids = together.Select(t => t.PartnerId).Union(partners).Order().ToArray();
        var codes = await db.Partners.Where(p => ids.Contains(p.Id)).ToDictionaryAsync(p => p.Id, p => p.Code, cancel);
        return [.. ids.Where(codes.ContainsKey).Select(p => new RingMemberView(PublicId.Of(PublicId.Partner, p), codes[p], together.LastOrDefault(t => t.PartnerId == p)?.Id))];
    }

    static async Task<IReadOnlyList<AlertOrderView>> OrdersAsync(SidecarDb db, FraudCaseRow row, string[] orders, CancellationToken cancel)
    {
        var found = await (from o in db.Orders
                           where orders.Contains(o.Id)
                           from c in db.Commissions.Where(c => c.OrderId == o.Id && c.PartnerId == row.PartnerId).DefaultIfEmpty()
                           orderby o.PlacedAt descending, o.Id descending
                           select new { o.Id, o.Shop, o.ExternalId, o.PlacedAt, o.Status, o.Currency, Amount = (long?)c.AmountMinor, Commission = c.Status }).Take(MostOrders).ToListAsync(cancel);
        return [.. found.Select(o => new AlertOrderView
        {
            Id = o.Id, Href = $"/v1/orders/{o.Id}", Shop = o.Shop, ExternalId = o.ExternalId, PlacedAt = o.PlacedAt, Status = o.Status, Commission = new(o.Amount ?? 0, o.Currency),
            CommissionStatus = o.Commission,
        })];
    }
}

/// <summary>One thing that was seen.</summary>
public sealed record AlertEvidenceView
{
    /// <example>instant-sales</example>
    public required string Signal { get; init; }

    /// <summary>Evidence of one family is the same thing seen twice.</summary>
    /// <example>lag</example>
    public required string Family { get; init; }

    /// <summary><c>suspicious</c>; or <c>normal</c> where it only adds to the other evidence.</summary>
    public required string State { get; init; }
    public required IReadOnlyList<string> Reasons { get; init; }

    /// <summary>A sentence with the counts: what was seen, what would be expected, what is usual.</summary>
    public required string Text { get; init; }

    /// <summary>The counts, to be checked in a spreadsheet.</summary>
    public Evidence? Counts { get; init; }

    /// <summary>What an honest reason would be.</summary>
    public string? Honest { get; init; }
    public required Money MoneyAtRisk { get; init; }
}

/// <summary>Another partner of the same ring.</summary>
/// <param name="Partner">The partner's id.</param>
/// <param name="PartnerCode">The partner's code.</param>
/// <param name="Alert">The alert about it; null where there is none yet.</param>
public sealed record RingMemberView(string Partner, string PartnerCode, string? Alert);

/// <summary>An order that the evidence is about.</summary>
public sealed record AlertOrderView
{
    public required string Id { get; init; }

    /// <example>/v1/orders/ord_06bq3kq2s0v1</example>
    public required string Href { get; init; }
    public required string Shop { get; init; }
    public required string ExternalId { get; init; }
    public required DateTimeOffset PlacedAt { get; init; }

    /// <summary>As in the shop.</summary>
    /// <example>completed</example>
    public required string Status { get; init; }
    public required Money Commission { get; init; }

    /// <summary><c>pending</c>, <c>approved</c>, <c>held</c>, <c>paid</c> or <c>reversed</c>; null where nobody earns.</summary>
    public string? CommissionStatus { get; init; }
}

/// <summary>What a scan has found.</summary>
public sealed record ScanView
{
    /// <summary>The last day that was looked at.</summary>
    public required DateOnly Day { get; init; }

    /// <summary>False where only a past day was asked about.</summary>
    public required bool Stored { get; init; }

    /// <summary>Partners with clicks, impressions or orders in the last 120 days.</summary>
    public required int Partners { get; init; }

    /// <summary>Why only facts are told of; null where there are enough partners to compare.</summary>
    public string? Shortage { get; init; }

    /// <summary>Messages of this scan: new alerts, and alerts that have grown. A ring is one.</summary>
    public required int Messages { get; init; }

    /// <summary>Messages that may still be sent: three a week, and at most six are saved up.</summary>
    public required int BudgetLeft { get; init; }

    /// <summary>How many of the suspicions are expected to be wrong.</summary>
    public required double ExpectedFalse { get; init; }

    /// <summary>Commissions that the scan has put on hold.</summary>
    public required int Held { get; init; }

    /// <summary>Orders whose commission it has reversed because the customer is the partner himself.</summary>
    public required IReadOnlyList<string> OwnPurchases { get; init; }

    /// <summary>Signals that failed and are left out; the log says why.</summary>
    public required IReadOnlyList<string> SkippedSignals { get; init; }

    /// <summary>Partners who deserve a look, the most money at risk first.</summary>
    public required IReadOnlyList<SuspicionView> Suspicions { get; init; }

    internal static ScanView Of(ScanResult result) => new()
    {
        Day = result.Look.Day, Stored = result.IsStored, Partners = result.Look.Figures.Partners.Count, Shortage = result.Look.Shortage, Messages = result.Messages,
        BudgetLeft = (int)(result.Slots + 1e-9), ExpectedFalse = Math.Round(result.ExpectedFalse, 2), Held = result.Held, OwnPurchases = result.OwnPurchases,
        SkippedSignals = result.Look.SkippedSignals,
        Suspicions = [.. result.Suspicions.Select(s => new SuspicionView
        {
            Partner = PublicId.Of(PublicId.Partner, s.Partner.Id), PartnerCode = s.Partner.Code, State = s.State, Alert = s.CaseId, Risk = Math.Round(s.Risk.Risk, 4),
            MoneyAtRisk = new(s.Stake.Minor, result.Look.Figures.Currency), Reasons = s.Risk.Reasons, Text = s.Risk.Suspicions.Select(f => f.Finding.Text).FirstOrDefault() ?? "",
        })],
    };
}

/// <summary>A partner who deserves a look.</summary>
public sealed record SuspicionView
{
    public required string Partner { get; init; }
    public required string PartnerCode { get; init; }

    /// <summary><c>new</c>: an alert was made; <c>grown</c>: its alert is a message again; <c>known</c>: you were told; <c>waiting</c>: for a free message.</summary>
    /// <example>new</example>
    public required string State { get; init; }

    /// <example>alr_06bq3kq2s0v1</example>
    public string? Alert { get; init; }

    /// <summary>0 to 1.</summary>
    public required double Risk { get; init; }
    public required Money MoneyAtRisk { get; init; }
    public required IReadOnlyList<string> Reasons { get; init; }

    /// <summary>The strongest evidence in a sentence.</summary>
    public required string Text { get; init; }
}

/// <summary>How well the fraud detector does.</summary>
public sealed record FraudQualityView
{
    public required int Scans { get; init; }
    public DateOnly? LastScanDay { get; init; }
    public DateTimeOffset? LastScanAt { get; init; }

    /// <summary>Messages of the last seven days; a ring is one.</summary>
    public required int MessagesThisWeek { get; init; }
    public required int Messages { get; init; }

    /// <summary>Messages that may still be sent: three a week, and at most six are saved up.</summary>
    public required int BudgetLeft { get; init; }
    public required int OpenAlerts { get; init; }

    /// <summary>Verdicts that said fraud.</summary>
    public required int Fraud { get; init; }

    /// <summary>Verdicts that said legitimate.</summary>
    public required int Legitimate { get; init; }

    /// <summary>How many of the last verdicts are heeded, at most 20.</summary>
    public required int VerdictsHeeded { get; init; }

    /// <summary>The share of them that said fraud; null without any.</summary>
    public double? Precision { get; init; }

    /// <summary>Which share of the suspicions of the last 30 days is expected to be wrong; null without any.</summary>
    public double? ExpectedFalseShare { get; init; }

    /// <summary>How strong one kind of evidence must be for a message, however rare cheating is here; 6 is a chance of one in a million.</summary>
    public required double SingleThreshold { get; init; }

    /// <summary>How strong all kinds together must be, one of them beyond the usual, where as many partners cheat as in most programs; more where fewer do.</summary>
    public required double TogetherThreshold { get; init; }

    /// <summary>Why these are in force.</summary>
    /// <example>The standard: 2 verdicts so far, from 5 on they are heeded.</example>
    public required string Why { get; init; }
}
