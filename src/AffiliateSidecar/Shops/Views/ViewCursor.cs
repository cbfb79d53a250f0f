using System.Text.Json;

namespace AffiliateSidecar.Shops.Views;

/// <summary>How far the changes have been read.</summary>
/// <param name="At">The time of the last change seen.</param>
/// <param name="Id">Within a run, the order it was of: the next page goes on just after it. Null at a run's end.</param>
sealed record ViewCursor(DateTimeOffset At, string? Id = null)
{
    public static ViewCursor Read(string text) => JsonSerializer.Deserialize<ViewCursor>(text)!;

    public override string ToString() => JsonSerializer.Serialize(this);
}
