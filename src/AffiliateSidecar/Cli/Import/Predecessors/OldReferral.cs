using System.Globalization;

namespace AffiliateSidecar.Cli.Import.Predecessors;

/// <summary>A referral (SliceWP: a commission) that has been understood.</summary>
/// <param name="Currency">Null where the program kept none: the order's.</param>
/// <param name="OrderId">The shop's order; null where it is about none.</param>
sealed record OldReferral(long Id, TakenOver Partner, long Visit, string Status, decimal Amount, string? Currency, string? OrderId, string Type, long Payout, DateTimeOffset? At)
{
    public const string Pending = "pending", Unpaid = "unpaid", Paid = "paid", Rejected = "rejected";

    static readonly string[] States = [Pending, Unpaid, Paid, Rejected];

    /// <summary>It is owed, or has been paid.</summary>
    public bool Counts => Status is Unpaid or Paid;

    /// <exception cref="BadRowException">It cannot be understood.</exception>
    public static OldReferral Of(ReferralRow row, Takeover takeover)
    {
        var partner = takeover.Partner(row.Affiliate);
        var status = row.Status?.Trim().ToLowerInvariant() ?? "";
        if (!States.Contains(status))
            throw new BadRowException("status", $"'{row.Status}' is none of {string.Join(", ", States)}");
        var currency = row.Currency?.Trim().ToUpperInvariant() is { Length: > 0 } text ? text : null;
        if (currency is not null && !AffiliateSidecar.Currency.IsKnown(currency))
            throw new BadRowException("currency", $"'{currency}' is not known");
        return new(row.Id, partner, row.Visit, status, AmountOf(row.Amount), currency, OrderOf(row, takeover.Program), row.Type?.Trim() ?? "", row.Payout, PredecessorDb.Time(row.At));
    }

    /// <exception cref="BadRowException">It is none.</exception>
    public static decimal AmountOf(string? text)
    {
        if (!decimal.TryParse(text?.Trim(), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount) || amount >= 1_000_000_000_000m)
            throw new BadRowException("amount", $"'{text}' is not an amount such as 12.90");
        return amount >= 0 ? amount : throw new BadRowException("amount", $"{text} is below zero; take it back by hand, with an adjustment");
    }

    /// <summary>The shop's order that the row is about; null where it is about none.</summary>
    public static string? OrderOf(ReferralRow row, Predecessor program) =>
        string.Equals(row.Context?.Trim(), program.OrderContext, StringComparison.OrdinalIgnoreCase) && ulong.TryParse(row.Reference?.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var order) && order > 0
            ? order.ToString(CultureInfo.InvariantCulture) : null;
}
