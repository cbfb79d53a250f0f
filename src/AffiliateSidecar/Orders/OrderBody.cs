using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AffiliateSidecar.Orders;

/// <summary>The canonical JSON of an order: equal statements have equal bytes, whatever road they came by.</summary>
static class OrderBody
{
    static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new CanonicalDecimal() },
    };

    public static string Write(Order order) => JsonSerializer.Serialize(Canonical(order), Options);

    public static Order Read(string body) => JsonSerializer.Deserialize<Order>(body, Options)!;

    public static string WriteRefund(Refund refund) => JsonSerializer.Serialize(refund, Options);

    public static Refund ReadRefund(string body) => JsonSerializer.Deserialize<Refund>(body, Options)!;

    /// <summary>
    /// Orders statements of one moment in a way that does not depend on arrival. A source that lists its refunds counts them first:
    /// refunds are added far more often than removed, and some changes move no date.
    /// </summary>
    public static string Hash(Order order, string body)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)));
        return order.Refunds is null ? hash : $"r{order.Refunds.Count:D4}-{hash}";
    }

    static Order Canonical(Order order) => order.Landing is null && order.Refunds is null
        ? order
        : order with
        {
            Landing = order.Landing is null ? null : new SortedDictionary<string, string>(order.Landing.ToDictionary(), StringComparer.Ordinal),
            Refunds = order.Refunds is null ? null : [.. order.Refunds.OrderBy(r => r.ExternalId, StringComparer.Ordinal)],
        };

    /// <summary>1.50 and 1.5 are the same amount and must be the same bytes.</summary>
    sealed class CanonicalDecimal : JsonConverter<decimal>
    {
        public override decimal Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDecimal();

        public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options) =>
            writer.WriteNumberValue(Shortest(value));

        static decimal Shortest(decimal value)
        {
            if (value.Scale == 0)
                return value;
            Span<int> parts = stackalloc int[4];
            decimal.GetBits(value, parts);
            // Longer than any amount of money; dividing is ten times as slow.
            if (parts[2] != 0)
                return value / 1.000000000000000000000000000000000m;
            var digits = ((ulong)(uint)parts[1] << 32) | (uint)parts[0];
            var scale = value.Scale;
            for (; scale > 0 && digits % 10 == 0; scale--)
                digits /= 10;
            return new decimal((int)digits, (int)(digits >> 32), 0, decimal.IsNegative(value), scale);
        }
    }
}
