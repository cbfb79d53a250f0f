using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AffiliateSidecar.Http;
using AffiliateSidecar.Storage;

namespace AffiliateSidecar.Payouts;

/// <summary>What to pay.</summary>
public sealed record NewPayout
{
    /// <summary>Balances in this currency; left out: the program's.</summary>
    [StringLength(4, MinimumLength = 3)]
    public string? Currency { get; init; }

    /// <summary>A name of your choosing, such as <c>2026-11</c>: there is one batch a currency and name. Left out: there is one open batch a currency.</summary>
    /// <example>2026-11</example>
    [Pattern("^[A-Za-z0-9._-]{1,40}$", ErrorMessage = "1 to 40 letters, digits, dots, _ or -.")]
    public string? Period { get; init; }

    /// <summary>Decimal string: balances below are carried. Left out: the program's minimum payout.</summary>
    /// <example>50.00</example>
    public DecimalText? Minimum { get; init; }

    /// <summary>Only these partners, by their ids; left out: everybody.</summary>
    [MaxLength(10_000)]
    public IReadOnlyList<string>? Partners { get; init; }

    /// <summary>When the bank shall pay; left out: the next working day.</summary>
    /// <example>2026-12-01</example>
    public DateOnly? ExecuteOn { get; init; }

    /// <summary>Pay in another currency. Nothing is converted where this is left out.</summary>
    public NewConversion? ConvertTo { get; init; }
}

/// <summary>A conversion, kept with the batch.</summary>
public sealed record NewConversion
{
    [StringLength(4, MinimumLength = 3)]
    public required string Currency { get; init; }

    /// <summary>Decimal string: how much one unit of the balances' currency is in the other.</summary>
    /// <example>1.0842</example>
    public required DecimalText Rate { get; init; }

    /// <summary>Who says so.</summary>
    /// <example>European Central Bank</example>
    [MinLength(1), MaxLength(100)]
    public required string Source { get; init; }

    /// <summary>When the rate was valid.</summary>
    public required DateTimeOffset At { get; init; }
}

/// <summary>What the reviewer has seen.</summary>
public sealed record PayoutReview
{
    /// <summary>The batch's <c>hash</c>: another list is refused.</summary>
    /// <example>9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08</example>
    [MaxLength(64)]
    public required string Hash { get; init; }
}

/// <summary>What the bank says.</summary>
public sealed record PayoutSettlement
{
    /// <summary>The bank's reference, for lines that have none of their own.</summary>
    /// <example>STMT-2026-11-30</example>
    [MaxLength(140)]
    public string? Reference { get; init; }

    /// <summary>Left out: every line that is not settled yet is paid.</summary>
    [MaxLength(10_000)]
    public IReadOnlyList<SettledLine>? Lines { get; init; }
}

/// <summary>What became of one line.</summary>
public sealed record SettledLine
{
    /// <summary>The partner's id.</summary>
    [MaxLength(60)]
    public required string Partner { get; init; }

    /// <summary><c>paid</c> or <c>failed</c>: a failed line goes back to the balance, also where it was paid and came back.</summary>
    [OneOf("paid", "failed"), DefaultValue("paid")]
    public string Status { get; init; } = "paid";

    /// <example>REF-0815</example>
    [MaxLength(140)]
    public string? Reference { get; init; }

    /// <summary>Why it has failed.</summary>
    /// <example>Account closed.</example>
    [MaxLength(300)]
    public string? Reason { get; init; }
}

/// <summary>Which batches.</summary>
public sealed class PayoutFilter
{
    /// <summary><c>draft</c>, <c>reviewed</c>, <c>exported</c>, <c>paid</c>, <c>cancelled</c> or <c>empty</c>.</summary>
    [OneOf("draft", "reviewed", "exported", "paid", "cancelled", "empty")]
    public string? Status { get; init; }

    [MaxLength(4)]
    public string? Currency { get; init; }
}

/// <summary>A payout batch.</summary>
public sealed record PayoutView
{
    public required string Id { get; init; }

    /// <summary><c>draft</c>, <c>reviewed</c>, <c>exported</c>, <c>paid</c> (every line is settled), <c>cancelled</c> or <c>empty</c> (nobody could be paid).</summary>
    public required string Status { get; init; }
    public required string Currency { get; init; }

    /// <summary>The caller's name of it; null where none was given.</summary>
    /// <example>2026-11</example>
    public string? Period { get; init; }

    /// <summary>Of the lines that are paid.</summary>
    public required Money Total { get; init; }
    public required int LineCount { get; init; }

    /// <summary>Partners with a balance who are left out; each has a line with the reason.</summary>
    public required int SkippedCount { get; init; }
    public required Money Minimum { get; init; }

    /// <summary>SHA-256 of the frozen list.</summary>
    /// <example>9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08</example>
    public required string Hash { get; init; }
    public required DateOnly ExecuteOn { get; init; }
    public ConversionView? Conversion { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required string CreatedBy { get; init; }
    public DateTimeOffset? ReviewedAt { get; init; }
    public string? ReviewedBy { get; init; }
    public DateTimeOffset? ExportedAt { get; init; }
    public DateTimeOffset? SettledAt { get; init; }

    /// <summary>The first 200 lines, by partner; <c>…/lines</c> has all of them.</summary>
    public IReadOnlyList<PayoutLineView>? Lines { get; init; }

    internal static PayoutView Of(PayoutRow row, IEnumerable<PayoutLineRow>? lines) => new()
    {
        Id = row.Id, Status = row.Status, Currency = row.Currency, Period = row.Period == row.Id ? null : row.Period, Total = new(row.TotalMinor, row.Currency),
        LineCount = row.LineCount, SkippedCount = row.SkippedCount, Minimum = new(row.MinimumMinor, row.Currency), Hash = row.Hash,
        ExecuteOn = DateOnly.ParseExact(row.ExecuteOn, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
        Conversion = row.Rate is null ? null : new(row.PayCurrency, row.Rate, row.RateSource!, row.RateAt!.Value), CreatedAt = row.CreatedAt, CreatedBy = row.Actor,
        ReviewedAt = row.ReviewedAt, ReviewedBy = row.ReviewedBy, ExportedAt = row.ExportedAt, SettledAt = row.SettledAt,
        Lines = lines is null ? null : [.. lines.Select(l => PayoutLineView.Of(l, row))],
    };
}

/// <param name="Currency">In which the batch pays.</param>
/// <param name="Rate">Units of it for one unit of the balances' currency.</param>
/// <param name="Source">Who said so.</param>
/// <param name="At">When the rate was valid.</param>
public sealed record ConversionView(string Currency, string Rate, string Source, DateTimeOffset At);

/// <summary>One partner in a batch.</summary>
public sealed record PayoutLineView
{
    /// <summary>The partner's id.</summary>
    public required string Partner { get; init; }
    public required string Name { get; init; }

    /// <summary><c>ready</c>, <c>paid</c>, <c>failed</c> or <c>skipped</c>.</summary>
    public required string Status { get; init; }

    /// <summary>Taken from the balance.</summary>
    public required Money Amount { get; init; }

    /// <summary>What the bank is told to pay: the same, unless the batch converts.</summary>
    public required Money Pay { get; init; }

    /// <summary><c>sepa</c>, <c>paypal</c>, <c>paya</c> or <c>manual</c>: which file pays it.</summary>
    public required string Method { get; init; }

    /// <summary>Why it is left out or has failed.</summary>
    public string? Reason { get; init; }

    /// <summary>The bank's reference.</summary>
    /// <example>REF-0815</example>
    public string? Reference { get; init; }
    public DateTimeOffset? SettledAt { get; init; }

    internal static PayoutLineView Of(PayoutLineRow row, PayoutRow batch) => new()
    {
        Partner = PublicId.Of(PublicId.Partner, row.PartnerId), Name = row.Name, Status = row.Status, Amount = new(row.AmountMinor, batch.Currency),
        Pay = new(row.PayMinor, batch.PayCurrency), Method = row.Method, Reason = row.Reason, Reference = row.Reference, SettledAt = row.SettledAt,
    };
}
