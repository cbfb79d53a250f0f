using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace AffiliateSidecar.Http;

/// <summary>The JSON of the API: snake_case, money as decimal strings, times in UTC.</summary>
static class Json
{
    public static JsonSerializerOptions Options { get; } = Configure(new JsonSerializerOptions(JsonSerializerDefaults.Web));

    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.DictionaryKeyPolicy = null;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.MaxDepth = 32;
        options.RespectNullableAnnotations = true;
        options.RespectRequiredConstructorParameters = true;
        options.TypeInfoResolver = (options.TypeInfoResolver ?? new DefaultJsonTypeInfoResolver()).WithAddedModifier(NullItems.Refuse).WithAddedModifier(MembersOptionalAttribute.Heed);
        options.Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.Converters.Add(new MoneyJson());
        options.Converters.Add(new UtcJson());
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false));
        return options;
    }

    /// <summary><c>{"amount":"129.90","currency":"EUR"}</c></summary>
    sealed class MoneyJson : JsonConverter<Money>
    {
        public override Money Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var text = JsonSerializer.Deserialize<MoneyText>(ref reader, options) ?? throw new JsonMistakeException("Expected an amount and a currency.");
            if (!Currency.IsKnown(text.Currency))
                throw new JsonMistakeException($"The currency '{text.Currency}' is not known.");
            if (!DecimalText.TryParse(text.Amount, out var amount))
                throw new JsonMistakeException("The amount is a decimal string such as \"129.90\".");
            if (Math.Abs(amount) >= 1_000_000_000_000_000m)
                throw new JsonMistakeException("The amount is too large.");
            var money = Money.Round(amount, text.Currency);
            return money.Amount == amount ? money : throw new JsonMistakeException($"{text.Currency} has {Currency.Exponent(text.Currency)} decimals.");
        }

        public override void Write(Utf8JsonWriter writer, Money value, JsonSerializerOptions options)
        {
            writer.WriteStartObject();
            writer.WriteString("amount", value.AmountText);
            writer.WriteString("currency", value.Currency);
            writer.WriteEndObject();
        }

        sealed record MoneyText(string Amount, string Currency);
    }

    /// <summary>RFC 3339 in UTC, with as many decimals of the second as there are.</summary>
    sealed class UtcJson : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String && Rfc3339.TryParse(reader.GetString(), out var time)
                ? time
                : throw new JsonMistakeException("Expected a time such as \"2026-11-23T07:47:00Z\".");

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteStringValue(Rfc3339.Format(value));
    }
}

static class Rfc3339
{
    public static bool TryParse(string? text, out DateTimeOffset time) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time)
        && text!.Length >= 10 && text[4] == '-';

    public static string Format(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture);
}

/// <summary>A decimal in a JSON string, in major units: <c>"129.90"</c>. JSON numbers are refused: most clients round them.</summary>
[JsonConverter(typeof(DecimalTextJson))]
public readonly record struct DecimalText(decimal Value)
{
    const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;

    internal static bool TryParse(string? text, out decimal value)
    {
        value = 0;
        return text is { Length: > 0 and <= 30 } && decimal.TryParse(text, Style, CultureInfo.InvariantCulture, out value);
    }

    public static implicit operator decimal(DecimalText text) => text.Value;

    public decimal ToDecimal() => Value;

    sealed class DecimalTextJson : JsonConverter<DecimalText>
    {
        public override DecimalText Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String && TryParse(reader.GetString(), out var value)
                ? new DecimalText(value)
                : throw new JsonMistakeException("Expected a decimal string such as \"129.90\".");

        public override void Write(Utf8JsonWriter writer, DecimalText value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.Value.ToString(CultureInfo.InvariantCulture));
    }
}
