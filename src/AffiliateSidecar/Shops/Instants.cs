using System.Globalization;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Shops;

/// <summary>Times that the whole installation shares, as settings. Written so that the later one is also the greater text.</summary>
static class Instants
{
    const string Format = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    public static string Text(DateTimeOffset time) => time.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture);

    public static DateTimeOffset? Parse(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    public static async Task<DateTimeOffset?> InstantAsync(this SidecarDb db, string name, CancellationToken cancel) =>
        Parse(await db.Settings.Where(s => s.Name == name).Select(s => s.Value).FirstOrDefaultAsync(cancel));

    /// <summary>Never set back by a node that is slower.</summary>
    public static async Task RaiseInstantAsync(this SidecarDb db, string name, DateTimeOffset time, CancellationToken cancel)
    {
        var text = Text(time);
        var raised = await db.Settings.Where(s => s.Name == name && s.Value.CompareTo(text) < 0).Set(s => s.Value, text).UpdateAsync(cancel);
        if (raised == 0)
            await db.KeepInstantAsync(name, time, cancel);
    }

    /// <summary>The first one stays.</summary>
    public static async Task KeepInstantAsync(this SidecarDb db, string name, DateTimeOffset time, CancellationToken cancel)
    {
        if (!await db.Settings.AnyAsync(s => s.Name == name, cancel))
            await db.InsertAsync(new SettingRow { Name = name, Value = Text(time) }, token: cancel);
    }
}
