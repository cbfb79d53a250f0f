using System.Globalization;
using System.Text;
using AffiliateSidecar.Storage;
using AffiliateSidecar.Templates;
using MimeKit;
using Scriban.Runtime;

namespace AffiliateSidecar.Messages.Broadcasts;

/// <summary>
/// A webinar as calendars take it (RFC 5545, sent as RFC 5546 has it). All versions of one have the same UID, and a later one a higher SEQUENCE, by which a calendar moves or
/// removes what it has.
/// </summary>
sealed record Invitation
{
    public const string Request = "REQUEST", Cancel = "CANCEL";

    public required string Uid { get; init; }
    public required int Sequence { get; init; }
    public required string Method { get; init; }
    public required Webinar Webinar { get; init; }
    public required string Title { get; init; }
    public required string Language { get; init; }
    public required MailboxAddress Organizer { get; init; }
    public required MailboxAddress Attendee { get; init; }
    public required DateTimeOffset Now { get; init; }

    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var line in Lines())
            Fold(text, line);
        return text.ToString();
    }

    IEnumerable<string> Lines() =>
    [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Affiliate Sidecar//Broadcasts//EN", $"METHOD:{Method}", "BEGIN:VEVENT",
        $"UID:{Uid}", $"SEQUENCE:{Sequence}", $"DTSTAMP:{Time(Now)}", $"DTSTART:{Time(Webinar.StartsAt)}", $"DTEND:{Time(Webinar.EndsAt)}",
        $"SUMMARY;LANGUAGE={Language}:{Text(Title)}", $"LOCATION:{Text(Webinar.Url)}", $"URL:{Webinar.Url}",
        $"ORGANIZER{Person(Organizer)}", $"ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=FALSE{Person(Attendee)}",
        $"STATUS:{(Method == Cancel ? "CANCELLED" : "CONFIRMED")}", "TRANSP:OPAQUE", "END:VEVENT", "END:VCALENDAR",
    ];

    /// <summary>What is wrong, by member.</summary>
    public static IEnumerable<(string Member, string Sentence)> Mistakes(Webinar webinar)
    {
        if (webinar.EndsAt <= webinar.StartsAt)
            yield return ("ends_at", "It ends before it has started.");
        if (!Uri.TryCreate(webinar.Url, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || webinar.Url.Any(c => char.IsControl(c) || char.IsWhiteSpace(c)))
            yield return ("url", "Expected an address such as https://meet.example/mugs.");
        if (webinar.TimeZone is { } zone && !TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _))
            yield return ("time_zone", "There is no such time zone. Write it such as Europe/Berlin or Asia/Tehran.");
    }

    /// <summary>For the text of the mail.</summary>
    public static ScriptObject Values(Webinar webinar, Language language)
    {
        var zone = webinar.TimeZone is { } id && TimeZoneInfo.TryFindSystemTimeZoneById(id, out var found) ? found : TimeZoneInfo.Utc;
        var start = TimeZoneInfo.ConvertTime(webinar.StartsAt, zone);
        return new()
        {
            // The day as the clock on that wall has it.
            ["date"] = language.Date(new DateTimeOffset(start.DateTime, TimeSpan.Zero)), ["time"] = language.Digits(start.ToString("HH:mm", CultureInfo.InvariantCulture)), ["zone"] = webinar.TimeZone ?? "UTC",
            ["minutes"] = language.Number((decimal)Math.Round((webinar.EndsAt - webinar.StartsAt).TotalMinutes)), ["url"] = webinar.Url,
        };
    }

    public static string UidOf(BroadcastRow broadcast, MailSettings settings) => $"{PublicId.Of(PublicId.Broadcast, broadcast.Id)}-{broadcast.CreatedAt.ToUnixTimeMilliseconds()}@{settings.ServiceUrl.IdnHost}";

    static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    static string Text(string text) => text.Replace("\\", @"\\", StringComparison.Ordinal).Replace(";", @"\;", StringComparison.Ordinal).Replace(",", @"\,", StringComparison.Ordinal).ReplaceLineEndings(@"\n");

    /// <summary>A quoted parameter can say everything but a quotation mark.</summary>
    static string Person(MailboxAddress person) =>
        $"{(string.IsNullOrEmpty(person.Name) ? "" : $";CN=\"{MailAddress.OneLine(person.Name).Replace('"', '\'')}\"")}:mailto:{person.Address}";

    /// <summary>No line has more than 75 bytes, and none breaks within a character.</summary>
    static void Fold(StringBuilder text, string line)
    {
        var bytes = 0;
        foreach (var rune in line.EnumerateRunes())
        {
            if (bytes + rune.Utf8SequenceLength > 75)
            {
                text.Append("\r\n ");
                bytes = 1;
            }
            text.Append(rune);
            bytes += rune.Utf8SequenceLength;
        }
        text.Append("\r\n");
    }
}
