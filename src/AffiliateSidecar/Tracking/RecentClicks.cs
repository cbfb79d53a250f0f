using System.IO.Hashing;
using System.Runtime.InteropServices;
using AffiliateSidecar.Storage;

namespace AffiliateSidecar.Tracking;

/// <summary>
/// Remembers for a while which visitor clicked which link, so that a second click is seen to be a repetition. Bounded: at most
/// two generations of the most recent clicks; in a flood the oldest are forgotten first, and so is everything at a restart.
/// </summary>
sealed class RecentClicks(TrackingSettings settings)
{
    const int Generation = 50_000;

    readonly Lock gate = new();
    Dictionary<(ulong Visitor, int Partner, int Link), long> young = [], old = [];

    /// <summary>True for a click that follows a counted one of the same visitor on the same link too soon, or comes so shortly before it.</summary>
    public bool Repeats(string visitor, int partnerId, int linkId, DateTimeOffset at)
    {
        // 64 bits of a visitor are enough among so few, and a tenth of the memory.
        var key = (XxHash3.HashToUInt64(MemoryMarshal.AsBytes(visitor.AsSpan())), partnerId, linkId);
        var now = UnixTime.ToMicros(at);
        lock (gate)
        {
            // Clicks of an import come in any order, and clocks go back: one of days before is no repetition of a later one.
            if ((young.TryGetValue(key, out var last) || old.TryGetValue(key, out last)) && Math.Abs(now - last) < settings.RepeatMicros)
                return true;
            if (young.Count >= Generation)
                (old, young) = (young, []);
            young[key] = now;
            return false;
        }
    }
}
