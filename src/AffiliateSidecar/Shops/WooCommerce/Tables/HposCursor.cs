using System.Text.Json;
using AffiliateSidecar.Http;

namespace AffiliateSidecar.Shops.WooCommerce.Tables;

/// <summary>A place in the list of all changes: by date, then by id.</summary>
sealed record HposPosition(DateTimeOffset Date, ulong Id);

/// <summary>How far the changes of a shop are read.</summary>
sealed record HposCursor
{
    /// <summary>The last change that has been read.</summary>
    public required HposPosition High { get; init; }

    /// <summary>When that was the newest for the first time, by the shop's clock.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>Nothing came in behind it for so long that nothing will.</summary>
    public bool Settled { get; init; }

    /// <summary>Where the run goes on that is under way; null: none is.</summary>
    public HposPosition? At { get; init; }

    /// <summary>The last change that this run has read.</summary>
    public HposPosition? Seen { get; init; }

    /// <summary>Where a new run begins. A quiet shop is not asked for its last minutes again and again.</summary>
    public HposPosition Start(TimeSpan overlap) => Settled ? High : new HposPosition(High.Date - overlap, 0);

    public HposCursor Finish(HposPosition high, DateTimeOffset now, TimeSpan overlap) => high == High
        ? this with { Settled = Settled || now - Since > overlap, At = null, Seen = null }
        : new HposCursor { High = high, Since = now };

    public static HposCursor? Read(string? text) => text is null ? null : JsonSerializer.Deserialize<HposCursor>(text, Json.Options);

    public override string ToString() => JsonSerializer.Serialize(this, Json.Options);
}
