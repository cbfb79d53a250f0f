namespace AffiliateSidecar.ProvingGround;

/// <summary>An affiliate's honest business: who comes, when, from where, and what they buy.</summary>
sealed class Partner
{
    public required int Number { get; init; }
    public required string Id { get; init; }
    public required string Code { get; init; }
    public required Dice Dice { get; init; }
    public required string Website { get; init; }
    public required Place Home { get; set; }
    public required DateOnly JoinedAt { get; init; }
    /// <summary>First day with clicks, 0 for those who were there before.</summary>
    public required int FirstDay { get; init; }
    public required ulong Email { get; set; }
    public required ulong Payout { get; set; }
    public required uint SignupIp { get; set; }

    public string Archetype { get; set; } = "content";
    public double Daily { get; set; }
    public double[] Schedule { get; set; } = [];
    public double Noise { get; set; } = 0.25;
    public double SeasonResponse { get; set; } = 1;

    public double Conversion { get; set; }
    public double QuickShare { get; set; }
    public double QuickSeconds { get; set; }
    public double SlowDays { get; set; }
    public double NewShare { get; set; }
    public double Basket { get; set; } = 1;
    public double BasketSigma { get; set; }
    public double ReturnRate { get; set; }
    public double CodeShare { get; set; }
    public double CodeOnlyShare { get; set; }
    public double RepeatBuyers { get; set; } = 0.01;
    public double Households { get; set; } = 0.01;
    public double LeadShare { get; set; }
    public double DeadLeads { get; set; } = 0.3;

    public double Returning { get; set; } = 0.2;
    public double Bots { get; set; }
    public double Duplicates { get; set; }
    public double Vpn { get; set; }
    public double Company { get; set; }
    public uint[] CompanyIps { get; set; } = [];
    public double Gateway { get; set; }
    public uint[] Gateways { get; set; } = [];
    public double AdClickIds { get; set; }
    public double OddAgents { get; set; }
    public string OneAgent { get; set; } = "";
    public double OneAgentShare { get; set; }
    public Place? SecondCountry { get; set; }
    public double SecondShare { get; set; }
    public int OwnClicks { get; set; }
    /// <summary>Bought at the partner's home, by somebody else.</summary>
    public int FamilyOrders { get; set; }
    /// <summary>Days on which what the partner recommends is a bad batch.</summary>
    public (int From, int Until) BadBatch { get; set; } = (int.MaxValue, int.MaxValue);
    /// <summary>A better page from some day on.</summary>
    public (int From, double Factor) Improvement { get; set; } = (int.MaxValue, 1);

    public Weighted<string> Countries { get; set; } = new(("GB", 1));
    public Weighted<int> Hours { get; set; } = new((12, 1));
    public Weighted<Agents.Family> Mix { get; set; } = Agents.People;
    public Weighted<string> Referrers { get; set; } = new(("", 1));
    public Weighted<string> Landings { get; set; } = new(("/", 1));
    public int Links { get; set; } = 2;

    public bool HasImpressions { get; set; }
    public int BannerLinks { get; set; } = 1;
    public double Ctr { get; set; } = 0.02;
    public int TagBreaks { get; set; } = int.MaxValue;
    public int TagMended { get; set; } = int.MaxValue;

    public List<Burst> Bursts { get; } = [];
    public List<CodeRush> CodeRushes { get; } = [];

    /// <summary>Recent visitors, some of whom come again.</summary>
    public List<Visitor> Visitors { get; } = [];
    public List<ulong> Buyers { get; } = [];

    /// <summary>Expected clicks of an hour, what impressions belong to.</summary>
    public float[] Expected { get; set; } = [];
}

readonly record struct Visitor(uint Ip, string Agent, Place Place);

/// <summary>Clicks that come at once: a newsletter, a post, a scraper.</summary>
sealed record Burst(BurstKind Kind, int Day, double Hour, int Clicks, double DecayHours, double Conversion = 1, Place? Abroad = null);

enum BurstKind { Newsletter, Post, Scraper, Script }

/// <summary>A day on which a code is passed around.</summary>
sealed record CodeRush(int Day, int Orders);
