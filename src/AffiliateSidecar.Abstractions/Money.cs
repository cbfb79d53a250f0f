using System.Globalization;

namespace AffiliateSidecar;

/// <summary>An amount in integer minor units (cents, fils, whole yen) of one currency.</summary>
public readonly record struct Money(long Minor, string Currency)
{
    public static Money Zero(string currency) => new(0, currency);

    /// <summary>Round a decimal amount in major units half-even to the currency's exponent.</summary>
    /// <exception cref="OverflowException">The amount does not fit 64 bits of minor units.</exception>
    public static Money Round(decimal amount, string currency) => new(RoundToMinor(amount, currency), currency);

    public static long RoundToMinor(decimal amount, string currency) =>
        decimal.ToInt64(decimal.Round(amount * Scale(currency), 0, MidpointRounding.ToEven));

    /// <summary>The amount in major units.</summary>
    public decimal Amount => Minor / Scale(Currency);

    /// <summary>The decimal string of the API, with exactly as many decimals as the currency has: <c>129.90</c>.</summary>
    public string AmountText => Amount.ToString("F" + AffiliateSidecar.Currency.Exponent(Currency), CultureInfo.InvariantCulture);

    public override string ToString() => $"{AmountText} {Currency}";

    public static Money operator +(Money left, Money right) => new(checked(left.Minor + Same(left, right).Minor), left.Currency);

    public static Money operator -(Money left, Money right) => new(checked(left.Minor - Same(left, right).Minor), left.Currency);

    public static Money operator -(Money value) => new(checked(-value.Minor), value.Currency);

    public static Money Add(Money left, Money right) => left + right;

    public static Money Subtract(Money left, Money right) => left - right;

    public static Money Negate(Money item) => -item;

    /// <summary>10 to the power of the currency's exponent.</summary>
    public static decimal Scale(string currency) => AffiliateSidecar.Currency.Exponent(currency) switch
    {
        0 => 1m,
        2 => 100m,
        3 => 1000m,
        _ => 10000m,
    };

    static Money Same(Money left, Money right) => left.Currency == right.Currency
        ? right
        : throw new InvalidOperationException($"Cannot combine {left.Currency} with {right.Currency}.");
}
