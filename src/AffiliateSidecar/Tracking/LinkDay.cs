using AffiliateSidecar.Storage;

namespace AffiliateSidecar.Tracking;

/// <summary>What happened to a link in one hour of a day.</summary>
/// <param name="Hour">0 to 23, UTC.</param>
readonly record struct LinkHour(int Hour, long Clicks, long Bots, long Prefetches, long Duplicates, long Impressions)
{
    public long Invalid => Bots + Prefetches + Duplicates;
}

/// <summary>
/// One link's day by hours, as a few bytes for each hour that has anything: a report over months reads days, of which there are few. Adding the same in another order
/// gives the same bytes.
/// </summary>
sealed class LinkDay
{
    public const int Hours = 24;
    const byte Version = 1;

    readonly LinkHour[] hours = new LinkHour[Hours];

    public LinkDay()
    {
        for (var hour = 0; hour < Hours; hour++)
            hours[hour] = new(hour, 0, 0, 0, 0, 0);
    }

    public long Clicks => hours.Sum(h => h.Clicks);

    public IEnumerable<LinkHour> Clicked => hours.Where(h => h.Clicks + h.Invalid > 0);

    public void Add(ClickRow click)
    {
        ref var hour = ref hours[click.At.UtcDateTime.Hour];
        hour = click.Flag switch
        {
            ClickFlag.None => hour with { Clicks = hour.Clicks + 1 },
            ClickFlag.Bot => hour with { Bots = hour.Bots + 1 },
            ClickFlag.Duplicate => hour with { Duplicates = hour.Duplicates + 1 },
            _ => hour with { Prefetches = hour.Prefetches + 1 },
        };
    }

    public void AddImpressions(int hour, long count) => hours[hour] = hours[hour] with { Impressions = hours[hour].Impressions + count };

    public void Add(LinkHour more)
    {
        ref var hour = ref hours[more.Hour];
        hour = new(more.Hour, hour.Clicks + more.Clicks, hour.Bots + more.Bots, hour.Prefetches + more.Prefetches, hour.Duplicates + more.Duplicates, hour.Impressions + more.Impressions);
    }

    public long Impressions(int hour) => hours[hour].Impressions;

    public byte[] Encode()
    {
        Span<byte> bytes = stackalloc byte[1 + Hours * (1 + 5 * PackedNumbers.Longest)];
        bytes[0] = Version;
        var length = 1;
        foreach (var hour in hours)
        {
            if (hour.Clicks + hour.Invalid + hour.Impressions == 0)
                continue;
            bytes[length++] = (byte)hour.Hour;
            foreach (var count in (ReadOnlySpan<long>)[hour.Clicks, hour.Bots, hour.Prefetches, hour.Duplicates, hour.Impressions])
                length += PackedNumbers.Write(bytes[length..], count);
        }
        return bytes[..length].ToArray();
    }

    public static LinkDay Decode(byte[] bytes)
    {
        var day = new LinkDay();
        Span<LinkHour> found = stackalloc LinkHour[Hours];
        foreach (var hour in found[..Read(bytes, found)])
            day.hours[hour.Hour] = hour;
        return day;
    }

    /// <summary>The hours that have anything, ascending, without an object for each: reports read many thousands of days.</summary>
    /// <returns>How many.</returns>
    /// <exception cref="InvalidDataException">Not the bytes of a day.</exception>
    public static int Read(ReadOnlySpan<byte> bytes, Span<LinkHour> into)
    {
        if (bytes is not [Version, ..])
            throw new InvalidDataException("These are not the hours of a link's day.");
        bytes = bytes[1..];
        var count = 0;
        for (; bytes.Length > 0; count++)
        {
            var hour = bytes[0];
            if (hour >= Hours || count == Hours)
                throw new InvalidDataException($"A day has no hour {hour}.");
            bytes = bytes[1..];
            into[count] = new(hour, PackedNumbers.Read(ref bytes), PackedNumbers.Read(ref bytes), PackedNumbers.Read(ref bytes), PackedNumbers.Read(ref bytes), PackedNumbers.Read(ref bytes));
        }
        return count;
    }
}
