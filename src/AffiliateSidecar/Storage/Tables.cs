using LinqToDB.Mapping;

namespace AffiliateSidecar.Storage;

// One record a table; columns are the members in snake_case (see SidecarDb). Times are UTC, stored as microseconds since 1970,
// so that both databases compare and order them alike. Amounts ending in Minor are integer minor units of the row's currency.

/// <summary>Small facts of the installation: secrets of its own, counters that tell caches to refresh.</summary>
[Table("afs_settings", IsColumnAttributeRequired = false)]
sealed record SettingRow
{
    [PrimaryKey] public required string Name { get; init; }
    public required string Value { get; init; }
}

[Table("afs_api_keys", IsColumnAttributeRequired = false)]
sealed record ApiKeyRow
{
    [PrimaryKey] public required string Id { get; init; }
    public required string Name { get; init; }
    public required string Scopes { get; init; }
    public required string Hash { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? RevokedAt { get; init; }
}

[Table("afs_idempotency", IsColumnAttributeRequired = false)]
sealed record IdempotencyRow
{
    /// <summary>SHA-256 of caller, path and Idempotency-Key.</summary>
    [PrimaryKey] public required string Id { get; init; }
    public required string RequestHash { get; init; }

    /// <summary>Whoever answers the first request, and until when nobody else may.</summary>
    public required string Claim { get; init; }
    public required DateTimeOffset ClaimedUntil { get; init; }

    /// <summary>Null while the first request is being answered.</summary>
    public int? Status { get; init; }
    public string? ContentType { get; init; }
    public string? Location { get; init; }
    public byte[]? Body { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
}

[Table("afs_audit_log", IsColumnAttributeRequired = false)]
sealed record AuditRow
{
    [PrimaryKey, Identity] public long Id { get; init; }
    public required DateTimeOffset At { get; init; }
    public required string Actor { get; init; }
    public required string Action { get; init; }
    public required string Subject { get; init; }
    public string? Detail { get; init; }
    public string? Origin { get; init; }
}

[Table("afs_partners", IsColumnAttributeRequired = false)]
sealed record PartnerRow
{
    /// <summary>Served as <c>prt_…</c>, see <see cref="PublicId"/>.</summary>
    [PrimaryKey, Identity] public int Id { get; init; }
    public required string Code { get; init; }
    public required string Name { get; init; }
    public string? Email { get; init; }
    public string? EmailHash { get; init; }

    /// <summary>Name and e-mail as they are compared with a search word.</summary>
    public required string SearchKey { get; init; }
    public required string Locale { get; init; }
    public string? Website { get; init; }

    /// <summary>The newest payout details; null where there are none.</summary>
    public long? PayoutDetailsId { get; init; }
    public string? GroupName { get; init; }
    public int? ReferredBy { get; init; }
    public required string Status { get; init; }
    public string? StatusReason { get; init; }

    /// <summary>Signup page, api, import.</summary>
    public required string Source { get; init; }

    /// <summary>The id in the files this partner was imported from.</summary>
    public string? ExternalId { get; init; }
    public string? Country { get; init; }

    /// <summary>Address at signup, as in <see cref="ClickRow.Address"/>.</summary>
    public long? SignupAddress { get; init; }

    /// <summary>The door to the signup page: footer, banner, order; null where nobody said.</summary>
    public string? SignupSource { get; init; }

    /// <summary>The terms that he has agreed to in the form; null where he came another way, or there were none.</summary>
    public int? TermsVersion { get; init; }

    /// <summary>Keyed hash of the account that is paid to.</summary>
    public string? PayoutHash { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
}

/// <summary>Every text that means a partner: the code, aliases, coupons. Keys are folded, so a text belongs to one partner.</summary>
[Table("afs_partner_codes", IsColumnAttributeRequired = false)]
sealed record PartnerCodeRow
{
    /// <summary><c>code</c> (and aliases) or <c>coupon</c>.</summary>
    [PrimaryKey(0)] public required string Kind { get; init; }
    [PrimaryKey(1)] public required string CodeKey { get; init; }
    public required int PartnerId { get; init; }
    public required string Code { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
}

[Table("afs_links", IsColumnAttributeRequired = false)]
sealed record LinkRow
{
    [PrimaryKey, Identity] public int Id { get; init; }
    public required int PartnerId { get; init; }
    public string? ExternalId { get; init; }
    public required string Path { get; init; }
    public string? Name { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
}

[Table("afs_clicks", IsColumnAttributeRequired = false)]
sealed record ClickRow
{
    [PrimaryKey] public required string Id { get; init; }
    public required int PartnerId { get; init; }

    /// <summary>Which link of the partner; 0: the plain code.</summary>
    public int LinkId { get; init; }
    public required DateTimeOffset At { get; init; }
    public required int WindowDays { get; init; }

    /// <summary>Empty: payable. Else why not: <c>bot</c>, <c>prefetch</c>, <c>head</c>, <c>duplicate</c>.</summary>
    public required string Flag { get; init; }

    /// <summary>Keyed hash of address and agent.</summary>
    public required string Visitor { get; init; }

    /// <summary>Address cut to /24 or /48.</summary>
    public required string Network { get; init; }
    public required string UserAgent { get; init; }
    public string? Referrer { get; init; }
    public string? Landing { get; init; }
    public string? Country { get; init; }

    /// <summary>32 bits of a keyed hash: enough to see the same line again, too little to find out which it is. Null in old rows.</summary>
    public long? Address { get; init; }

    /// <summary>From a network of a hosting company.</summary>
    public bool? IsHosted { get; init; }

    /// <summary>The landing page was opened from a paid advertisement.</summary>
    public bool? IsAdvertised { get; init; }
}

/// <summary>A partner's day of clicks: what fraud signals read.</summary>
[Table("afs_click_days", IsColumnAttributeRequired = false)]
sealed record ClickDayRow
{
    /// <summary>Days since 0001-01-01.</summary>
    [PrimaryKey(0)] public required int Day { get; init; }
    [PrimaryKey(1)] public required int PartnerId { get; init; }

    /// <summary>By hour, browser, country and the like, packed.</summary>
    public required byte[] Profile { get; init; }

    /// <summary>The profile knows addresses: they are forgotten after a while.</summary>
    public required bool HasAddresses { get; init; }
}

[Table("afs_link_days", IsColumnAttributeRequired = false)]
sealed record LinkDayRow
{
    /// <summary>Days since 0001-01-01.</summary>
    [PrimaryKey(0)] public required int Day { get; init; }
    [PrimaryKey(1)] public required int PartnerId { get; init; }
    [PrimaryKey(2)] public required int LinkId { get; init; }

    /// <summary>Payable ones.</summary>
    public required long Clicks { get; init; }

    /// <summary>By hour: clicks of each kind, and impressions, packed.</summary>
    public required byte[] Hours { get; init; }
}

[Table("afs_orders", IsColumnAttributeRequired = false)]
sealed record OrderRow
{
    [PrimaryKey] public required string Id { get; init; }
    public required string Shop { get; init; }
    public required string ExternalId { get; init; }
    public required string Status { get; init; }
    public required string Currency { get; init; }
    public required DateTimeOffset PlacedAt { get; init; }

    /// <summary>When the shop changed the state that counts now.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>With the body's time the version of the newest statement: the larger pair wins.</summary>
    public required string Hash { get; init; }

    /// <summary>The newest statement made to us, as canonical JSON of <see cref="Order"/>; empty where only the shop's database has spoken.</summary>
    public required string Body { get; init; }

    /// <summary>The newest statement with exact amounts, where <see cref="Body"/> is rounded.</summary>
    public string? ExactBody { get; init; }

    /// <summary>The order as it was last read in the shop's own database.</summary>
    public string? ShopBody { get; init; }

    /// <summary>What that database's order amounts to, to find out cheaply whether it has changed; <see cref="ShopGone"/> where it is there no more.</summary>
    public string? ShopDigest { get; init; }

    /// <summary>The latest change that any reading has seen.</summary>
    public DateTimeOffset? ShopUpdatedAt { get; init; }

    /// <summary>When it was last read, by the clock of the shop's database.</summary>
    public DateTimeOffset? ShopReadAt { get; init; }

    public const string ShopGone = "gone";

    public required long TotalMinor { get; init; }
    public required long RefundedMinor { get; init; }
    public required long BaseMinor { get; init; }
    public required int RuleVersion { get; init; }

    /// <summary>JSON of <see cref="AffiliateSidecar.Decision"/>.</summary>
    public required string Decision { get; init; }

    /// <summary>UpdatedAt of the statement that decided: an earlier one with evidence takes precedence, so arrival order does not matter.</summary>
    public required DateTimeOffset DecidedFrom { get; init; }
    public int? PartnerId { get; init; }
    public string? Method { get; init; }
    public string? ClickId { get; init; }

    /// <summary>Seconds from click to order, where the click is known.</summary>
    public long? LagSeconds { get; init; }
    public bool? IsNewCustomer { get; init; }

    /// <summary>Keyed hash of the customer's id or normalised e-mail.</summary>
    public string? CustomerKey { get; init; }

    /// <summary>The customer's mail address is of a domain that gives them away for one use; null where no address was told.</summary>
    public bool? HasDisposableMail { get; init; }
    public string? Country { get; init; }

    /// <summary>Address at checkout, as in <see cref="ClickRow.Address"/>.</summary>
    public long? Address { get; init; }
    public required DateTimeOffset ReceivedAt { get; init; }
}

/// <summary>
/// One row for every order that anybody spoke of, known or not. Writing it first makes all news of one order wait for each other,
/// on one node by the row lock and on a Galera cluster by certification.
/// </summary>
[Table("afs_order_keys", IsColumnAttributeRequired = false)]
sealed record OrderKeyRow
{
    [PrimaryKey(0)] public required string Shop { get; init; }
    [PrimaryKey(1)] public required string ExternalId { get; init; }
    public required long Touched { get; init; }

    /// <summary>When we first heard that it is in the trash; the shop says no time.</summary>
    public DateTimeOffset? TrashedAt { get; init; }

    /// <summary>The shop's time of the newest "restored".</summary>
    public DateTimeOffset? RestoredAt { get; init; }
}

/// <summary>Refunds reported one by one. What an order states itself is in its body.</summary>
[Table("afs_refunds", IsColumnAttributeRequired = false)]
sealed record RefundRow
{
    [PrimaryKey(0)] public required string Shop { get; init; }
    [PrimaryKey(1)] public required string OrderExternalId { get; init; }
    [PrimaryKey(2)] public required string ExternalId { get; init; }

    /// <summary>JSON of <see cref="Refund"/>.</summary>
    public required string Body { get; init; }
    public required DateTimeOffset ReceivedAt { get; init; }
}

[Table("afs_commissions", IsColumnAttributeRequired = false)]
sealed record CommissionRow
{
    [PrimaryKey] public required string Id { get; init; }
    public required string OrderId { get; init; }
    public required int PartnerId { get; init; }
    public required string Currency { get; init; }

    /// <summary>What the order's newest state deserves, net of refunds.</summary>
    public required long AmountMinor { get; init; }
    public required string Status { get; init; }

    /// <summary>End of the hold period.</summary>
    public required DateTimeOffset MaturesAt { get; init; }

    /// <summary>What a person decided: <c>approve</c>, <c>hold</c>, <c>reverse</c>, or null.</summary>
    public string? Override { get; init; }
    public string? OverrideReason { get; init; }
    public DateTimeOffset? OverrideAt { get; init; }

    /// <summary>From when on its sale counts for tiers and bonuses: the end of the hold period, or earlier by hand; null while it is held.</summary>
    public DateTimeOffset? CountsAt { get; init; }

    /// <summary>What the order sold net of refunds; zero in states that do not earn.</summary>
    public long NetMinor { get; init; }
    public required string Explanation { get; init; }
    public required int RuleVersion { get; init; }

    /// <summary>Since when it waits for the next payout; null where it does not.</summary>
    public DateTimeOffset? ApprovedAt { get; init; }

    /// <summary>The payout that has paid it: from then on its status is final.</summary>
    public string? PayoutId { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
}

/// <summary>What a rule with a cap has paid for an order: later orders of the customer or the period have the less.</summary>
[Table("afs_rule_amounts", IsColumnAttributeRequired = false)]
sealed record RuleAmountRow
{
    [PrimaryKey(0)] public required string OrderId { get; init; }
    [PrimaryKey(1)] public required string RuleId { get; init; }
    public required int PartnerId { get; init; }
    public string? CustomerKey { get; init; }
    public required string Currency { get; init; }
    public required DateTimeOffset PlacedAt { get; init; }
    public required string Shop { get; init; }
    public required string ExternalId { get; init; }
    public required long AmountMinor { get; init; }
}

/// <summary>Append-only, double entry: the rows of one transaction sum to zero per currency.</summary>
[Table("afs_ledger", IsColumnAttributeRequired = false)]
sealed record LedgerRow
{
    [PrimaryKey, Identity] public long Id { get; init; }
    public required string TransactionId { get; init; }

    /// <summary><c>program</c>, or the partner's <c>pending</c>, <c>held</c>, <c>approved</c>, <c>paid</c>.</summary>
    public required string Account { get; init; }
    public required int PartnerId { get; init; }
    public required string Currency { get; init; }
    public required long AmountMinor { get; init; }
    public required string Kind { get; init; }
    public string? OrderId { get; init; }

    /// <summary>The adjustment, payout, bonus or recruit's commission that the entry belongs to; null where it is an order's.</summary>
    public string? Reference { get; init; }
    public required string Cause { get; init; }
    public required string Actor { get; init; }
    public required int RuleVersion { get; init; }
    public required DateTimeOffset At { get; init; }
}

/// <summary>Entries up to <see cref="LedgerClosingRow.ClosedTo"/>, summed; the program's side is left out.</summary>
[Table("afs_ledger_sums", IsColumnAttributeRequired = false)]
sealed record LedgerSumRow
{
    [PrimaryKey(0)] public required int PartnerId { get; init; }
    [PrimaryKey(1)] public required string Currency { get; init; }
    [PrimaryKey(2)] public required string Account { get; init; }
    public required long AmountMinor { get; init; }
}

/// <summary>One row: up to which entry the sums go, and the entry that was the newest at a moment.</summary>
[Table("afs_ledger_closing", IsColumnAttributeRequired = false)]
sealed record LedgerClosingRow
{
    [PrimaryKey] public required int Id { get; init; }
    public required long ClosedTo { get; init; }
    public required long NextTo { get; init; }
    public required DateTimeOffset NextAt { get; init; }
}

/// <summary>Where a partner wants to be paid. Rows are never changed but for the time from which they may be used: an exported payout keeps its own.</summary>
[Table("afs_payout_details", IsColumnAttributeRequired = false)]
sealed record PayoutDetailsRow
{
    [PrimaryKey, Identity] public long Id { get; init; }
    public required int PartnerId { get; init; }

    /// <summary>The payout file that pays it: <c>sepa</c>, <c>paypal</c>, <c>paya</c>, or <c>manual</c>.</summary>
    public required string Method { get; init; }

    /// <summary>JSON, encrypted.</summary>
    public required string Details { get; init; }

    /// <summary>The account as it may be shown: its first and last characters.</summary>
    public required string Account { get; init; }

    /// <summary>Keyed hash of the account: the same for two partners who share one.</summary>
    public required string AccountKey { get; init; }
    public required string Actor { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>A changed account waits.</summary>
    public required DateTimeOffset UsableFrom { get; init; }
}

/// <summary>A payout batch: a frozen list of what is paid to whom, in one currency.</summary>
[Table("afs_payouts", IsColumnAttributeRequired = false)]
sealed record PayoutRow
{
    [PrimaryKey] public required string Id { get; init; }
    public required string Status { get; init; }
    public required string Currency { get; init; }

    /// <summary>One batch a currency and period; the batch's own id where the caller named none.</summary>
    public required string Period { get; init; }

    /// <summary>The currency while the batch is open, so that there is one at a time; null afterwards and where a period was named.</summary>
    public string? OpenKey { get; init; }
    public required long MinimumMinor { get; init; }
    public required long TotalMinor { get; init; }
    public required int LineCount { get; init; }
    public required int SkippedCount { get; init; }

    /// <summary>SHA-256 over the frozen list.</summary>
    public required string Hash { get; init; }

    /// <summary><c>2026-11-30</c>.</summary>
    public required string ExecuteOn { get; init; }
    public required string PayCurrency { get; init; }
    public string? Rate { get; init; }
    public string? RateSource { get; init; }
    public DateTimeOffset? RateAt { get; init; }
    public required string Actor { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public string? ReviewedBy { get; init; }
    public DateTimeOffset? ReviewedAt { get; init; }
    public DateTimeOffset? ExportedAt { get; init; }
    public DateTimeOffset? SettledAt { get; init; }
}

/// <summary>One partner in a payout batch, also where he is left out of it.</summary>
[Table("afs_payout_lines", IsColumnAttributeRequired = false)]
sealed record PayoutLineRow
{
    [PrimaryKey(0)] public required string PayoutId { get; init; }
    [PrimaryKey(1)] public required int PartnerId { get; init; }

    /// <summary><c>ready</c>, <c>paid</c>, <c>failed</c> or <c>skipped</c>.</summary>
    public required string Status { get; init; }
    public required long AmountMinor { get; init; }

    /// <summary>In the currency in which the batch pays.</summary>
    public required long PayMinor { get; init; }
    public required string Method { get; init; }
    public long? DetailsId { get; init; }

    /// <summary>The payee's name as it was.</summary>
    public required string Name { get; init; }

    /// <summary>Why it is left out or has failed.</summary>
    public string? Reason { get; init; }

    /// <summary>The bank's.</summary>
    public string? Reference { get; init; }
    public DateTimeOffset? SettledAt { get; init; }
}

[Table("afs_rule_versions", IsColumnAttributeRequired = false)]
sealed record RuleVersionRow
{
    [PrimaryKey] public required int Version { get; init; }

    /// <summary>JSON of the whole rule set.</summary>
    public required string Body { get; init; }
    public required string Actor { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Orders from then on are decided under it; of several, the one with the larger number holds.</summary>
    public required DateTimeOffset AppliesAt { get; init; }
}

/// <summary>A version of the terms, word for word. Never changed, never deleted.</summary>
[Table("afs_terms", IsColumnAttributeRequired = false)]
sealed record TermsRow
{
    [PrimaryKey] public required int Version { get; init; }

    /// <summary>The rules that it puts in words.</summary>
    public required int RuleVersion { get; init; }

    /// <summary>Of the texts.</summary>
    public required string Hash { get; init; }

    /// <summary>JSON: by language, the lines.</summary>
    public required string Texts { get; init; }
    public required DateTimeOffset EffectiveAt { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Whether partners earn on what they buy themselves; null in old rows.</summary>
    public bool? OwnPurchases { get; init; }
}

/// <summary>A partner is to be told of a version.</summary>
[Table("afs_terms_notices", IsColumnAttributeRequired = false)]
sealed record TermsNoticeRow
{
    [PrimaryKey(0)] public required int Version { get; init; }
    [PrimaryKey(1)] public required int PartnerId { get; init; }
    public required DateTimeOffset QueuedAt { get; init; }
}

/// <summary>How far a shop's database has been read.</summary>
[Table("afs_shop_syncs", IsColumnAttributeRequired = false)]
sealed record ShopSyncRow
{
    [PrimaryKey] public required string Shop { get; init; }

    /// <summary>Which reader the cursor belongs to.</summary>
    public string? Reader { get; init; }

    /// <summary>The reader's own words for how far it has read.</summary>
    public string? CursorText { get; init; }
    public DateTimeOffset? SyncedAt { get; init; }

    /// <summary>A sweep is under way: over orders placed since then, done up to <see cref="SweepAfter"/>.</summary>
    public DateTimeOffset? SweepSince { get; init; }
    public string? SweepAfter { get; init; }
    public DateTimeOffset? SweptAt { get; init; }

    /// <summary>When all of the shop's history had been read.</summary>
    public DateTimeOffset? BackfilledAt { get; init; }

    /// <summary>Why the last attempt failed, for the owner; null where it did not.</summary>
    public string? Problem { get; init; }
}

/// <summary>An order that the shop had and we had not, or had differently.</summary>
[Table("afs_shop_drifts", IsColumnAttributeRequired = false)]
sealed record ShopDriftRow
{
    [PrimaryKey, Identity] public long Id { get; init; }
    public required string Shop { get; init; }
    public required string ExternalId { get; init; }

    /// <summary><c>missing</c>, <c>different</c>, <c>gone</c> or <c>unreadable</c>.</summary>
    public required string Kind { get; init; }
    public required string Cause { get; init; }
    public required string Detail { get; init; }
    public string? Currency { get; init; }
    public required long TotalMinor { get; init; }

    /// <summary>By how much the partner's commission was wrong.</summary>
    public required long AtStakeMinor { get; init; }

    /// <summary>The shop's time of the change that we did not hear of; null where the order is gone.</summary>
    public DateTimeOffset? ChangedAt { get; init; }

    /// <summary>The shop's time of the change that we did know; null where we knew nothing.</summary>
    public DateTimeOffset? KnownAt { get; init; }

    /// <summary>Nothing differed but refunds that are there no more.</summary>
    public required bool RefundsGone { get; init; }
    public required DateTimeOffset FoundAt { get; init; }

    /// <summary>Null while it is not mended.</summary>
    public DateTimeOffset? RecoveredAt { get; init; }
}

/// <summary>Deliveries of a shop that arrived and could not be used.</summary>
[Table("afs_delivery_refusals", IsColumnAttributeRequired = false)]
sealed record DeliveryRefusalRow
{
    [PrimaryKey(0)] public required string Shop { get; init; }

    /// <summary>Empty where the delivery did not say which order.</summary>
    [PrimaryKey(1)] public required string ExternalId { get; init; }
    [PrimaryKey(2)] public required string Reason { get; init; }
    public required long Count { get; init; }
    public required DateTimeOffset FirstAt { get; init; }
    public required DateTimeOffset LastAt { get; init; }
}

/// <summary>The service was not running.</summary>
[Table("afs_downtimes", IsColumnAttributeRequired = false)]
sealed record DowntimeRow
{
    [PrimaryKey, Identity] public long Id { get; init; }
    public required DateTimeOffset FromAt { get; init; }
    public required DateTimeOffset ToAt { get; init; }
}

/// <summary>What another affiliate program had credited to a partner, and what was booked so that his balance here is what it was there.</summary>
[Table("afs_imported_referrals", IsColumnAttributeRequired = false)]
sealed record ImportedReferralRow
{
    /// <summary><c>affiliatewp</c> or <c>slicewp</c>.</summary>
    [PrimaryKey(0)] public required string Program { get; init; }
    [PrimaryKey(1)] public required string Shop { get; init; }

    /// <summary>That program's number.</summary>
    [PrimaryKey(2)] public required string ExternalId { get; init; }
    public required int PartnerId { get; init; }

    /// <summary>The shop's order that is credited here through it; null where none is.</summary>
    public string? OrderExternalId { get; init; }
    public required string Currency { get; init; }
    public required long AmountMinor { get; init; }

    /// <summary>There: <c>pending</c>, <c>unpaid</c>, <c>paid</c> or <c>rejected</c>.</summary>
    public required string Status { get; init; }

    /// <summary>That program's number of the payout.</summary>
    public string? Payout { get; init; }

    /// <summary>By how much the ledger was adjusted: what was credited there less what the order deserved here.</summary>
    public required long AdjustedMinor { get; init; }

    /// <summary>What the ledger shows as paid there.</summary>
    public required long PaidMinor { get; init; }
    public required DateTimeOffset ImportedAt { get; init; }
}

/// <summary>What the owner was told of a partner, and what came of it. One open case a partner.</summary>
[Table("afs_fraud_cases", IsColumnAttributeRequired = false)]
sealed record FraudCaseRow
{
    /// <summary>Served as <c>alr_…</c>.</summary>
    [PrimaryKey] public required string Id { get; init; }
    public required int PartnerId { get; init; }

    /// <summary>Cases of one ring have the same message.</summary>
    public required string Message { get; init; }
    public required string Status { get; init; }
    public required DateTimeOffset OpenedAt { get; init; }

    /// <summary>The day of the scan that opened it.</summary>
    public required int Day { get; init; }

    /// <summary>The day of the newest evidence.</summary>
    public required int EvidenceDay { get; init; }
    public required double Risk { get; init; }

    /// <summary>What is at stake: unpaid commission inside what is suspicious, and the next 30 days at this rate.</summary>
    public required long MoneyMinor { get; init; }

    /// <summary>Of it the next 30 days.</summary>
    public required long NextMinor { get; init; }
    public required string Currency { get; init; }

    /// <summary>How often the owner was told, when last, and what he was told then: the money, and the families with a space between them.</summary>
    public required int Told { get; init; }
    public required int ToldDay { get; init; }
    public required long ToldMinor { get; init; }
    public required string ToldFamilies { get; init; }

    /// <summary>Codes, the most important first, with a space between them.</summary>
    public required string Reasons { get; init; }

    /// <summary>JSON of the findings.</summary>
    public required string Evidence { get; init; }

    /// <summary>Until when the pending commissions are held without a verdict; null where they are not.</summary>
    public DateTimeOffset? HeldUntil { get; init; }

    /// <summary>When that time was over and they were released.</summary>
    public DateTimeOffset? ReleasedAt { get; init; }
    public string? Verdict { get; init; }
    public string? Action { get; init; }
    public string? Note { get; init; }
    public DateTimeOffset? ResolvedAt { get; init; }
    public string? ResolvedBy { get; init; }
}

/// <summary>"This is fine": the signals of a family leave the partner alone for a while.</summary>
[Table("afs_fraud_tolerances", IsColumnAttributeRequired = false)]
sealed record FraudToleranceRow
{
    [PrimaryKey(0)] public required int PartnerId { get; init; }
    [PrimaryKey(1)] public required string Family { get; init; }
    public required DateTimeOffset Until { get; init; }
    public required string CaseId { get; init; }
}

/// <summary>A scan that was run.</summary>
[Table("afs_fraud_scans", IsColumnAttributeRequired = false)]
sealed record FraudScanRow
{
    [PrimaryKey] public required int Day { get; init; }
    public required DateTimeOffset RanAt { get; init; }
    public required int Partners { get; init; }
    public required int Suspicious { get; init; }
    public required int Messages { get; init; }

    /// <summary>Expected number of false alarms among the day's suspicions.</summary>
    public required double ExpectedFalse { get; init; }

    /// <summary>Messages that may still be sent.</summary>
    public required double Slots { get; init; }
}

/// <summary>What a partner's orders of one day sold: what reports and segments read instead of the orders.</summary>
[Table("afs_sales_days", IsColumnAttributeRequired = false)]
sealed record SalesDayRow
{
    /// <summary>Midnight UTC of the day on which the orders were placed.</summary>
    [PrimaryKey(0)] public required DateTimeOffset Day { get; init; }
    [PrimaryKey(1)] public required int PartnerId { get; init; }
    [PrimaryKey(2)] public required string Currency { get; init; }

    /// <summary>The first category of the order's lines; empty where the shop names none. An order is counted with its dearest line's.</summary>
    [PrimaryKey(3)] public required string Category { get; init; }
    public required long Orders { get; init; }

    /// <summary>Of customers who were new and had clicked.</summary>
    public required long NewOrders { get; init; }

    /// <summary>Net of refunds, as the commission counts it.</summary>
    public required long NetMinor { get; init; }
    public required long NewNetMinor { get; init; }
    public required long CommissionMinor { get; init; }

    /// <summary>Given to customers by the partner's coupon.</summary>
    public required long DiscountMinor { get; init; }
}

/// <summary>One partner's figures as of the last night. Amounts are in the program's currency.</summary>
[Table("afs_partner_figures", IsColumnAttributeRequired = false)]
sealed record PartnerFigureRow
{
    [PrimaryKey] public required int PartnerId { get; init; }

    /// <summary>The end of what they cover: midnight UTC.</summary>
    public required DateTimeOffset Day { get; init; }
    public required string Currency { get; init; }

    /// <summary>Payable clicks of 90 days.</summary>
    public required long Clicks { get; init; }

    /// <summary>Of the last 30 days.</summary>
    public required long OrdersMonth { get; init; }

    /// <summary>Of the 60 days before the last 30.</summary>
    public required long OrdersBefore { get; init; }

    /// <summary>Of 90 days.</summary>
    public required long Orders { get; init; }
    public required long NetMonthMinor { get; init; }

    /// <summary>Of the 60 days before the last 30.</summary>
    public required long NetBeforeMinor { get; init; }
    public required long NetMinor { get; init; }
    public DateTimeOffset? FirstClick { get; init; }
    public DateTimeOffset? LastClick { get; init; }
    public DateTimeOffset? FirstOrder { get; init; }
    public DateTimeOffset? LastOrder { get; init; }
}

[Table("afs_partner_segments", IsColumnAttributeRequired = false)]
sealed record PartnerSegmentRow
{
    [PrimaryKey(0)] public required string Segment { get; init; }
    [PrimaryKey(1)] public required int PartnerId { get; init; }
    public required string Reason { get; init; }
    public required DateTimeOffset Since { get; init; }
}

/// <summary>A segment of the owner's own.</summary>
[Table("afs_segments", IsColumnAttributeRequired = false)]
sealed record SegmentRow
{
    [PrimaryKey] public required string Name { get; init; }
    public required string Filter { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>What became of an entry of the talk list: <c>done</c>, <c>snoozed</c> or <c>note</c>.</summary>
[Table("afs_talks", IsColumnAttributeRequired = false)]
sealed record TalkRow
{
    [PrimaryKey, Identity] public long Id { get; init; }
    public required int PartnerId { get; init; }
    public required DateTimeOffset At { get; init; }
    public required string What { get; init; }
    public DateTimeOffset? Until { get; init; }
    public string? Note { get; init; }
    public required string Actor { get; init; }
}

/// <summary>Time that somebody says he spent on the program, beside what is measured.</summary>
[Table("afs_minutes", IsColumnAttributeRequired = false)]
sealed record MinutesRow
{
    [PrimaryKey, Identity] public long Id { get; init; }
    public required DateTimeOffset At { get; init; }
    public required int Minutes { get; init; }
    public string? Note { get; init; }
    public required string Actor { get; init; }
}

/// <summary>One mail to one recipient. The same cause reaches an address once.</summary>
[Table("afs_mails", IsColumnAttributeRequired = false)]
sealed record MailRow
{
    /// <summary>Served as <c>mal_…</c>.</summary>
    [PrimaryKey, Identity] public int Id { get; init; }

    /// <summary>Why it is sent, such as <c>signup:prt_…</c>; with the address the key against doubles.</summary>
    public required string Cause { get; init; }

    /// <summary>In lower case.</summary>
    public required string Address { get; init; }
    public string? Name { get; init; }
    public int? PartnerId { get; init; }
    public required string Locale { get; init; }

    /// <summary>What can be unsubscribed from; null: concerns the recipient's own account, and is sent whatever he has unsubscribed from.</summary>
    public string? Topic { get; init; }

    /// <summary>Such as <c>mail/test</c>, of which there is an .html and a .txt.</summary>
    public required string Template { get; init; }

    /// <summary>The template's values as JSON; forgotten when the mail has ended.</summary>
    public string? Model { get; init; }
    public string? ReplyTo { get; init; }
    public string? InReplyTo { get; init; }

    /// <summary>Without angle brackets; the same at each try.</summary>
    public required string MessageId { get; init; }

    /// <summary>queued → sending → sent, or one of the other ends.</summary>
    public required string Status { get; init; }

    /// <summary>Lower ones first: nobody waits for his own mail behind a broadcast.</summary>
    public required int Urgency { get; init; }
    public required DateTimeOffset DueAt { get; init; }

    /// <summary>How often the server has put it off.</summary>
    public int Attempts { get; init; }
    public string? Problem { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When all of it but the last dot was with the server.</summary>
    public DateTimeOffset? HandedAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
}

/// <summary>Mail that an address does not get.</summary>
[Table("afs_mail_stops", IsColumnAttributeRequired = false)]
sealed record MailStopRow
{
    /// <summary>Keyed hash, so that a person can be erased and stay unsubscribed.</summary>
    [PrimaryKey(0)] public required string AddressKey { get; init; }

    /// <summary>A topic; <c>*</c>: every topic; empty: every mail.</summary>
    [PrimaryKey(1)] public required string Topic { get; init; }
    public required string Reason { get; init; }
    public string? Detail { get; init; }
    public required DateTimeOffset At { get; init; }
}

/// <summary>What one node at a time does.</summary>
[Table("afs_leases", IsColumnAttributeRequired = false)]
sealed record LeaseRow
{
    [PrimaryKey] public required string Name { get; init; }
    public required string Owner { get; init; }
    public required DateTimeOffset Until { get; init; }
}

/// <summary>One message to many partners, as the owner wrote it, and how far its mails are queued.</summary>
[Table("afs_broadcasts", IsColumnAttributeRequired = false)]
sealed record BroadcastRow
{
    /// <summary>Served as <c>bct_…</c>.</summary>
    [PrimaryKey, Identity] public int Id { get; init; }
    public required string Topic { get; init; }

    /// <summary>JSON: subject and text by language.</summary>
    public required string Contents { get; init; }

    /// <summary>JSON: to whom.</summary>
    public required string Audience { get; init; }

    /// <summary>JSON: what it invites to; null: nothing.</summary>
    public string? Webinar { get; init; }

    /// <summary>How often the invitation has been changed: calendars go by it.</summary>
    public int Sequence { get; init; }
    public int? RatePerMinute { get; init; }

    /// <summary>draft → scheduled → sending, or cancelled.</summary>
    public required string Status { get; init; }
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>Mails are queued for partners up to this number.</summary>
    public int LastPartner { get; init; }

    /// <summary>So many mails so far.</summary>
    public int Queued { get; init; }

    /// <summary>JSON: for how many partners none was queued, by reason.</summary>
    public string LeftOut { get; init; } = "{}";

    /// <summary>When the last mail was queued; null: more may come.</summary>
    public DateTimeOffset? QueuedAt { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
    public required string Actor { get; init; }
}

/// <summary>An application by the form, beside its partner.</summary>
[Table("afs_applications", IsColumnAttributeRequired = false)]
sealed record ApplicationRow
{
    [PrimaryKey] public required int PartnerId { get; init; }
    public required DateTimeOffset SubmittedAt { get; init; }

    /// <summary>When the applicant was asked by mail to confirm his address; null: no mail server was set, and nobody waits for it.</summary>
    public DateTimeOffset? AskedAt { get; init; }
    public DateTimeOffset? ConfirmedAt { get; init; }

    /// <summary>When the site was looked at and the rule of automatic approval was asked.</summary>
    public DateTimeOffset? LookedAt { get; init; }

    /// <summary>Whether the applicant's site answers: <c>unknown</c>, <c>reachable</c> or <c>unreachable</c>.</summary>
    public required string Site { get; init; }
    public string? SiteDetail { get; init; }
    public DateTimeOffset? DecidedAt { get; init; }

    /// <summary><c>rule</c> or <c>person</c>.</summary>
    public string? ApprovedBy { get; init; }

    /// <summary>Approved by the rule: beyond so much, nothing is paid before a person has looked.</summary>
    public long? CapMinor { get; init; }
    public string? CapCurrency { get; init; }
}

/// <summary>How often the signup page was shown and its form begun, of a day, door and language.</summary>
[Table("afs_funnel_days", IsColumnAttributeRequired = false)]
sealed record FunnelDayRow
{
    [PrimaryKey(0)] public required DateTimeOffset Day { get; init; }

    /// <summary><c>visit</c> or <c>start</c>.</summary>
    [PrimaryKey(1)] public required string Step { get; init; }

    /// <summary>Empty: none was named.</summary>
    [PrimaryKey(2)] public required string Source { get; init; }
    [PrimaryKey(3)] public required string Locale { get; init; }
    public required long Count { get; init; }
}

/// <summary>A talk with a partner.</summary>
[Table("afs_threads", IsColumnAttributeRequired = false)]
sealed record ThreadRow
{
    /// <summary>Served as <c>thr_…</c>.</summary>
    [PrimaryKey, Identity] public int Id { get; init; }
    public required int PartnerId { get; init; }
    public required string Subject { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The partner's first message that nobody has answered; null: none waits.</summary>
    public DateTimeOffset? WaitingSince { get; init; }
}

/// <summary>What one of the two has said.</summary>
[Table("afs_messages", IsColumnAttributeRequired = false)]
sealed record MessageRow
{
    /// <summary>Served as <c>msg_…</c>.</summary>
    [PrimaryKey, Identity] public int Id { get; init; }
    public required int ThreadId { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary><c>partner</c> or <c>owner</c>.</summary>
    public required string Origin { get; init; }

    /// <summary><c>mail</c>, <c>page</c> or <c>api</c>.</summary>
    public required string Channel { get; init; }
    public required string Actor { get; init; }

    /// <summary>Where a mail came from another address than the partner's own.</summary>
    public string? Sender { get; init; }
    public required string Text { get; init; }

    /// <summary>Attachments that were not kept, and why.</summary>
    public string? LeftOut { get; init; }

    /// <summary>Of a mail that came in: it is taken once.</summary>
    public string? MessageId { get; init; }
}

/// <summary>What was attached to a message.</summary>
[Table("afs_message_files", IsColumnAttributeRequired = false)]
sealed record MessageFileRow
{
    [PrimaryKey, Identity] public int Id { get; init; }
    public required int MessageId { get; init; }
    public required string Name { get; init; }
    public required string Type { get; init; }
    public required int Size { get; init; }
    public required byte[] Content { get; init; }
}

/// <summary>What was decided by a button of the digest.</summary>
[Table("afs_decisions", IsColumnAttributeRequired = false)]
sealed record DecisionRow
{
    [PrimaryKey, Identity] public int Id { get; init; }
    public required string Kind { get; init; }
    public required string Subject { get; init; }
    public required string Answer { get; init; }
    public required string Title { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>What it takes to undo it.</summary>
    public string? Note { get; init; }
    public DateTimeOffset? UndoneAt { get; init; }
}

/// <summary>A partner who was asked whether he is still there.</summary>
[Table("afs_wakes", IsColumnAttributeRequired = false)]
sealed record WakeRow
{
    [PrimaryKey] public required int PartnerId { get; init; }

    /// <summary>0: he has answered, and has peace for a while.</summary>
    public required int Mails { get; init; }
    public required DateTimeOffset FirstAt { get; init; }
    public required DateTimeOffset LastAt { get; init; }

    /// <summary>When his links come to rest, unless something happens before.</summary>
    public DateTimeOffset? RetireAt { get; init; }
}
