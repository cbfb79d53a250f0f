using System.Text.Json;
using AffiliateSidecar.Http;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Site.Presence;

/// <summary>One thing that was looked at on the living web.</summary>
/// <param name="Check">Which, in kebab-case.</param>
/// <param name="Url">Where.</param>
/// <param name="Ok">Null: it could not be looked at.</param>
/// <param name="Found">What is there.</param>
/// <param name="Expected">What should be there.</param>
/// <param name="Mend">Who must do what; null where all is well.</param>
public sealed record PresenceCheck(string Check, string Url, bool? Ok, string Found, string Expected, string? Mend)
{
    internal static PresenceCheck Of(string check, Uri url, bool ok, string found, string expected, string mend) => new(check, url.AbsoluteUri, ok, found, expected, ok ? null : mend);

    internal static PresenceCheck Unknown(string check, Uri url, string found, string expected, string mend) => new(check, url.AbsoluteUri, null, found, expected, mend);
}

/// <summary>One round of the monitor: it is kept until the next.</summary>
public sealed record PresenceReport
{
    const string Name = "site-presence";

    public required DateTimeOffset CheckedAt { get; init; }
    public required IReadOnlyList<PresenceCheck> Checks { get; init; }

    /// <summary>Address of a page of the sitemap → the status it was answered with; 0: no answer.</summary>
    public required IReadOnlyDictionary<string, int> Statuses { get; init; }

    internal IEnumerable<PresenceCheck> Failed => Checks.Where(c => c.Ok != true);

    internal static async Task<PresenceReport?> ReadAsync(SidecarDb db, CancellationToken cancel) =>
        await db.Settings.Where(s => s.Name == Name).Select(s => s.Value).FirstOrDefaultAsync(cancel) is { } json ? JsonSerializer.Deserialize<PresenceReport>(json, Json.Options) : null;

    internal Task KeepAsync(Database database, CancellationToken cancel) => database.WriteAsync(
        async (db, token) => await db.InsertOrReplaceAsync(new SettingRow { Name = Name, Value = JsonSerializer.Serialize(this, Json.Options) }, token: token), cancel);
}
