using System.Buffers.Binary;
using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using AffiliateSidecar.Http;
using AffiliateSidecar.Storage;

namespace AffiliateSidecar.Tracking;

/// <summary>What a genuine click id says of itself.</summary>
sealed record ClickClaim(string Id, int PartnerId, int LinkId, DateTimeOffset At, int WindowDays);

/// <summary>
/// Click ids describe themselves and are signed, so that an order which brings one back is attributed even where the click's
/// row is gone, and nobody can make one up. In order: 48 bits of milliseconds and 24 of sequence (they sort by time),
/// 32 of partner, 32 of link, 16 of window, 64 of HMAC-SHA256.
/// </summary>
sealed class ClickIds(Installation installation)
{
    const int Signed = 19, Length = 27, TextLength = 48;

    static readonly Counter<long> Refused = Telemetry.Meter.CreateCounter<long>("affiliate_sidecar.click_ids.refused",
        description: "Click ids of orders that were forged, altered or cut.");

    readonly Lock gate = new();
    KeyedHash? key;
    long lastMillis;
    int sequence;

    public string New(DateTimeOffset at, int partnerId, int linkId, int windowDays)
    {
        Span<byte> bytes = stackalloc byte[Length];
        var millis = at.ToUnixTimeMilliseconds();
        BinaryPrimitives.WriteInt64BigEndian(bytes, millis << 16);
        BinaryPrimitives.WriteInt32BigEndian(bytes[6..], NextSequence(millis) << 8);
        BinaryPrimitives.WriteInt32BigEndian(bytes[9..], partnerId);
        BinaryPrimitives.WriteInt32BigEndian(bytes[13..], linkId);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[17..], checked((ushort)windowDays));
        Sign(bytes[..Signed], bytes[Signed..]);
        return PublicId.Click + Base32.Encode(bytes);
    }

    /// <summary>Null where the text is no id of this installation; <paramref name="reason"/> then says why, and it is counted.</summary>
    public ClickClaim? Read(string? text, out string? reason)
    {
        reason = null;
        if (Decode(text) is not { } bytes)
        {
            reason = "not a click id";
            Refused.Add(1, new KeyValuePair<string, object?>("reason", "malformed"));
            return null;
        }
        Span<byte> expected = stackalloc byte[Length - Signed];
        Sign(bytes.AsSpan(0, Signed), expected);
        if (!CryptographicOperations.FixedTimeEquals(expected, bytes.AsSpan(Signed)))
        {
            reason = "the click id was not issued here, or was altered";
            Refused.Add(1, new KeyValuePair<string, object?>("reason", "forged"));
            return null;
        }
        return new(text!, BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(9)), BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(13)),
            DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64BigEndian(bytes) >>> 16),
            BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(17)));
    }

    static byte[]? Decode(string? text) =>
        text is { Length: TextLength } && text.StartsWith(PublicId.Click, StringComparison.Ordinal)
        && Base32.TryDecode(text.AsSpan(PublicId.Click.Length), out var bytes)
            ? bytes
            : null;

    // A random start in each millisecond keeps nodes apart; counting on from it keeps the order of one node's clicks.
    int NextSequence(long millis)
    {
        lock (gate)
        {
            sequence = millis == lastMillis ? (sequence + 1) & 0xffffff : Random.Shared.Next(1 << 23);
            lastMillis = millis;
            return sequence;
        }
    }

    void Sign(ReadOnlySpan<byte> claim, Span<byte> signature)
    {
        Span<byte> full = stackalloc byte[KeyedHash.Length];
        (key ??= new KeyedHash(installation.KeyFor("click-id"))).Compute(claim, full);
        full[..signature.Length].CopyTo(signature);
    }
}
