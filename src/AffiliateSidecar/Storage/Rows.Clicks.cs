using LinqToDB.Mapping;

namespace AffiliateSidecar.Storage;

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
