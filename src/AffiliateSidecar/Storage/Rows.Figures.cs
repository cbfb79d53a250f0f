using LinqToDB.Mapping;

namespace AffiliateSidecar.Storage;

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
