using System.Buffers;
using System.Text;

namespace AffiliateSidecar.Shops.WooCommerce.Tables;

/// <summary>The hash of a row that moves money. Where the rows come along it is made here, where only their sum is asked for by the server: both make the same.</summary>
static class RowHash
{
    /// <summary>Of a meta <c>m</c>.</summary>
    public static readonly string Meta = Sql("m.meta_key, m.meta_value");

    /// <summary>Of an item <c>i</c> and its meta <c>m</c>. A coupon is its name; a line may change its name for nothing.</summary>
    public static readonly string Item = Sql("i.order_item_id, i.order_item_type, IF(i.order_item_type = 'coupon', i.order_item_name, ''), m.meta_key, m.meta_value");

    // A hash that does not cancel itself out, as CRC32 does where two lines exchange their amounts; 60 bits of it.
    static string Sql(string columns) => $"CAST(CONV(LEFT(MD5(CONVERT(CONCAT_WS('|', {columns}) USING utf8mb4)), 15), 16, 10) AS UNSIGNED)";

    /// <summary>Parts that are null are left out.</summary>
    public static ulong Of(params ReadOnlySpan<string?> parts)
    {
        var most = 0;
        foreach (var part in parts)
            most += part is null ? 0 : Encoding.UTF8.GetMaxByteCount(part.Length) + 1;
        most = ShortMd5.Room(most);
        byte[]? rented = null;
        Span<byte> text = most <= 1024 ? stackalloc byte[1024] : rented = ArrayPool<byte>.Shared.Rent(most);
        var length = 0;
        foreach (var part in parts)
        {
            if (part is null)
                continue;
            length += Encoding.UTF8.GetBytes(part, text[length..]);
            text[length++] = (byte)'|';
        }
        var hash = ShortMd5.Of(text, Math.Max(0, length - 1)) >> 4;
        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented);
        return hash;
    }
}
