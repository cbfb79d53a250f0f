using System.Text.Json;
using AffiliateSidecar.Http;

namespace AffiliateSidecar.Shops.WooCommerce.Tables;

/// <summary>How far the changes of a shop with orders in posts are read: a mark for every table in which a change leaves a row.</summary>
sealed record LegacyCursor
{
    /// <summary>Rows of a transaction that is still open get their numbers before others that are there already.</summary>
    public static readonly TimeSpan Overlap = TimeSpan.FromMinutes(2);

    /// <summary>Where a run begins: read so long ago that nothing comes in before it.</summary>
    public required Dictionary<string, ulong> Old { get; init; }

    /// <summary>Where the next runs will begin.</summary>
    public required Dictionary<string, ulong> New { get; init; }

    /// <summary>When those were read.</summary>
    public required DateTimeOffset NewAt { get; init; }

    /// <summary>Begin of the last run.</summary>
    public required DateTimeOffset Ran { get; init; }

    /// <summary>Begin of the last run that looked everywhere.</summary>
    public required DateTimeOffset RanThorough { get; init; }

    /// <summary>The run that is under way; null: none is.</summary>
    public LegacyRun? Run { get; init; }

    public static LegacyCursor At(Dictionary<string, ulong> ends, DateTimeOffset now) =>
        new() { Old = ends, New = ends, NewAt = now, Ran = now, RanThorough = now };

    /// <summary>A table that has become shorter was restored from a backup, one that is new here was not to be read.</summary>
    public LegacyRun Begin(Dictionary<string, ulong> ends, DateTimeOffset now) =>
        new() { Began = now, Ends = ends, Marks = ends.ToDictionary(e => e.Key, e => Math.Min(Old.GetValueOrDefault(e.Key, e.Value), e.Value)) };

    public LegacyCursor Finish(LegacyRun run, DateTimeOffset now)
    {
        var settled = now - NewAt > Overlap;
        return new LegacyCursor
        {
            Old = settled ? New : Old,
            New = settled ? run.Ends : New,
            NewAt = settled ? run.Began : NewAt,
            Ran = run.Began,
            RanThorough = run.After is null ? RanThorough : run.Began,
        };
    }

    public static LegacyCursor? Read(string? text) => text is null ? null : JsonSerializer.Deserialize<LegacyCursor>(text, Json.Options);

    public override string ToString() => JsonSerializer.Serialize(this, Json.Options);
}

/// <summary>A run through all tables, in as many calls as it takes.</summary>
sealed record LegacyRun
{
    public required DateTimeOffset Began { get; init; }
    public required Dictionary<string, ulong> Marks { get; init; }
    public required Dictionary<string, ulong> Ends { get; init; }

    /// <summary>The last order that was looked at where a run looks everywhere; null: it does not, or not yet.</summary>
    public ulong? After { get; init; }
}
