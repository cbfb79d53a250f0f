namespace AffiliateSidecar.ProvingGround;

public sealed record ProgramFacts
{
    public required DateOnly Start { get; init; }
    public required int Days { get; init; }
    public double TimezoneOffsetHours { get; init; }
    public string HomeCountry { get; init; } = "";
    public string ShopDomain { get; init; } = "shop.example";
    public string Currency { get; init; } = "EUR";
    public double CommissionRate { get; init; }
    public double PayPerClick { get; init; }
    public double PayPerLead { get; init; }
    public int CookieDays { get; init; }
    public int PayoutHoldDays { get; init; }
    public bool AllowsGenericSearch { get; init; } = true;
    public DateOnly End => Start.AddDays(Days);
}

public sealed record Affiliate(string Id, string Code, DateOnly JoinedAt, string PayoutHash, string EmailHash,
    string Country, uint SignupIp, string Website);

/// <summary>A class with a number for its address: a program has millions of these.</summary>
public sealed class Click
{
    public int Number { get; set; }
    public required long Time { get; init; }
    public required string Affiliate { get; init; }
    public required string Link { get; init; }
    public required uint Ip { get; init; }
    public required string UserAgent { get; init; }
    public required string Referrer { get; init; }
    public required string Landing { get; init; }
    public required string Country { get; init; }
    public string Id => "c" + Number;
    public DateTime At => DateTime.UnixEpoch.AddSeconds(Time);
}

public sealed record Impression(long Hour, string Affiliate, string Link, int Count);

public sealed class Order
{
    public int Number { get; set; }
    public required long Time { get; init; }
    public required bool IsLead { get; init; }
    public required Click? Click { get; init; }
    public required string Coupon { get; init; }
    public required string Affiliate { get; init; }
    public required long AmountMinor { get; init; }
    public required ulong Customer { get; init; }
    public required uint Ip { get; init; }
    public required bool IsNewCustomer { get; init; }
    public string Status { get; set; } = "approved";
    public string Id => "o" + Number;
    public string CustomerHash => Customer.ToString("x16");
    public DateTime At => DateTime.UnixEpoch.AddSeconds(Time);
}

public sealed record Refund(Order Order, long Time, long AmountMinor, string Reason);

public sealed record Label(string Affiliate, string Kind, DateOnly Start, DateOnly End, string Strength, string Ring, decimal Loss);

public sealed record Loss(string Affiliate, DateOnly Day, decimal Amount);

/// <summary>Everything of one affiliate program, each list in the order of time.</summary>
public sealed record GeneratedProgram
{
    public required ProgramFacts Facts { get; init; }
    public required IReadOnlyList<Affiliate> Affiliates { get; init; }
    public required IReadOnlyList<Impression> Impressions { get; init; }
    public required IReadOnlyList<Click> Clicks { get; init; }
    public required IReadOnlyList<Order> Orders { get; init; }
    public required IReadOnlyList<Refund> Refunds { get; init; }
    public required IReadOnlyList<Label> Labels { get; init; }
    public required IReadOnlyList<Loss> Losses { get; init; }
    public required IReadOnlyDictionary<string, string> Archetypes { get; init; }
}
