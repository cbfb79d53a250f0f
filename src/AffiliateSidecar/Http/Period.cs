using System.ComponentModel;

namespace AffiliateSidecar.Http;

/// <summary>From when until when.</summary>
public sealed class Period
{
    const int LongestDays = 400;

    /// <summary>Start: a day (<c>2026-11-01</c>) or a time (<c>2026-11-01T00:00:00Z</c>). Left out: 30 days before the end, or as the report says.</summary>
    [Description("Start: a day (2026-11-01) or a time (2026-11-01T00:00:00Z). Left out: 30 days before the end, or as the report says.")]
    public string? From { get; init; }

    /// <summary>End, not included. A day ends at its own end: <c>from=2026-11-01&amp;to=2026-11-30</c> is the whole of November. Left out: now.</summary>
    [Description("End, not included; a day without a time counts to its end, so from=2026-11-01&to=2026-11-30 is the whole of November. Left out: now.")]
    public string? To { get; init; }

    internal (DateTimeOffset From, DateTimeOffset To) Bounds(DateTimeOffset now, int days = 30)
    {
        var to = To is null ? now : Parse("to", To) is var end && To.Trim().Length == 10 ? end.AddDays(1) : Parse("to", To);
        var from = From is null ? to.AddDays(-days) : Parse("from", From);
        if (from >= to)
            throw new BadRequestException("from", "The period ends before it begins: from must be before to.");
        return (to - from).TotalDays <= LongestDays ? (from, to) : throw new BadRequestException("from", $"The period is longer than {LongestDays} days.");
    }

    static DateTimeOffset Parse(string member, string text) => Rfc3339.TryParse(text, out var time) && time.Year is >= 1990 and <= 2200
        ? time
        : throw new BadRequestException(member, "Expected a day such as 2026-11-01 or a time such as 2026-11-01T00:00:00Z.");
}
