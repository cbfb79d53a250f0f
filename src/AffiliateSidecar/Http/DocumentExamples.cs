using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.OpenApi;

namespace AffiliateSidecar.Http;

/// <summary>
/// Every body has an example, put together from its schema: a member's own <c>example</c> tag first, then its words, then what members
/// of that name usually look like here. A pattern that none of these fits needs an <c>example</c> tag; the linter says so.
/// </summary>
static partial class DocumentExamples
{
    static readonly Dictionary<string, string> Usual = new()
    {
        ["code"] = "sara", ["partner_code"] = "sara", ["partner"] = "prt_0000001g", ["partner_id"] = "prt_0000001g", ["partners"] = "prt_0000001g", ["name"] = "Sara Jones",
        ["email"] = "sara@example.com", ["locale"] = "en", ["website"] = "https://sara.example/", ["url"] = "https://shop.example/", ["reason"] = "Known blogger.",
        ["currency"] = "EUR", ["country"] = "DE", ["shop"] = "main", ["external_id"] = "1042", ["path"] = "/product/mug/", ["href"] = "/r/sara/product/mug/",
        ["method"] = "click", ["click_id"] = "clk_06bq3kq2s0v1", ["order_id"] = "ord_06bq3kq2s0v1", ["actor"] = "key_06bq3kq2s0v1", ["product_id"] = "77",
        ["sku"] = "TEA-1", ["ip"] = "203.0.113.9", ["payment_method"] = "cod", ["referrer"] = "https://sara.example/mugs/", ["aliases"] = "sara-mugs",
        ["landing_url"] = "https://shop.example/?ref=sara", ["coupons"] = "SARA10", ["categories"] = "tea", ["outcome"] = "won", ["kind"] = "percent",
        ["total"] = "119.00", ["tax"] = "19.00", ["shipping"] = "5.00", ["fees"] = "0.00", ["discount"] = "10.00", ["subtotal"] = "105.00", ["refunded"] = "0.00",
        ["commission_base"] = "95.00", ["commission"] = "9.50", ["balance"] = "9.50", ["rate"] = "10",
        ["minimum_payout"] = "50.00", ["category"] = "mugs", ["product"] = "TEA-1", ["group"] = "gold", ["countries"] = "DE", ["net_sales"] = "5000.00",
        // Where a member means something else than it usually does.
        ["OrderLineView.name"] = "Stoneware mug", ["NewLink.name"] = "The mug", ["LinkView.name"] = "The mug", ["NewCoupon.code"] = "SARA10", ["CouponView.code"] = "SARA10",
        ["CommissionDecision.reason"] = "Checked with the shop.",
    };

    /// <summary>The id of a schema whose name begins so.</summary>
    static readonly (string Schema, string Id)[] Ids =
    [
        ("Partner", "prt_0000001g"), ("Order", "ord_06bq3kq2s0v1"), ("Commission", "com_06bq3kq2s0v1"), ("Link", "lnk_0000001g"), ("Click", "clk_06bq3kq2s0v1"),
        ("Payout", "pay_06bq3kq2s0v1"), ("Alert", "alr_06bq3kq2s0v1"), ("Message", "msg_06bq3kq2s0v1"), ("Rule", "standard"), ("Bonus", "busy-month"),
    ];

    public static Task Add(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancel)
    {
        foreach (var operation in document.Operations())
        {
            foreach (var media in operation.RequestBody?.Content?.Where(c => IsJson(c.Key)).Select(c => c.Value) ?? [])
                media.Example ??= Of(media.Schema, "", request: true, 0);
            foreach (var media in (operation.Responses ?? []).Values.OfType<OpenApiResponse>()
                .SelectMany(r => r.Content ?? new Dictionary<string, OpenApiMediaType>()).Where(c => IsJson(c.Key)).Select(c => c.Value))
                media.Example ??= Of(media.Schema, "", request: false, 0);
        }
        return Task.CompletedTask;
    }

    public static JsonObject Problem(int status, string text)
    {
        var problem = new JsonObject
        {
            ["type"] = "about:blank", ["title"] = ReasonPhrases.GetReasonPhrase(status), ["status"] = status, ["detail"] = text, ["instance"] = "/v1/partners",
            ["trace_id"] = "0HNQAIU1HPB4S:00000001",
        };
        if (status is 400 or 422)
            problem["errors"] = new JsonObject { ["email"] = new JsonArray("The email field is not a valid e-mail address.") };
        return problem;
    }

    static bool IsJson(string mediaType) => mediaType.StartsWith("application/json", StringComparison.Ordinal);

    static JsonNode? Of(IOpenApiSchema? schema, string name, bool request, int depth)
    {
        if (schema is null || depth > 8)
            return null;
        if ((schema.OneOf ?? schema.AnyOf)?.FirstOrDefault(s => s.Type != JsonSchemaType.Null) is { } choice)
            return Of(choice, name, request, depth);
        var component = (schema as OpenApiSchemaReference)?.Reference.Id ?? "";
        if (component == nameof(Money))
            return new JsonObject { ["amount"] = Usual.GetValueOrDefault(name, "129.90"), ["currency"] = "EUR" };
        if (component == nameof(DecimalText))
            return Usual.GetValueOrDefault(name, "129.90");
        if (schema.Examples is [{ } own, ..])
            return own.DeepClone();
        if (schema.Enum is { Count: > 0 } words)
            return words[0].DeepClone();
        if (schema.Default is { } standard)
            return standard.DeepClone();
        return (schema.Type & ~JsonSchemaType.Null) switch
        {
            JsonSchemaType.Object => Object(schema, component, request, depth),
            JsonSchemaType.Array => Of(schema.Items, name, request, depth + 1) is { } item ? new JsonArray(item) : new JsonArray(),
            JsonSchemaType.Boolean => true,
            JsonSchemaType.Integer => (long)Math.Max(1, decimal.TryParse(schema.Minimum, out var least) ? least : 1),
            JsonSchemaType.Number => 1.5,
            JsonSchemaType.String => Text(schema, name),
            _ => null,
        };
    }

    static JsonObject Object(IOpenApiSchema schema, string component, bool request, int depth)
    {
        var example = new JsonObject();
        foreach (var (name, member) in schema.Properties ?? new Dictionary<string, IOpenApiSchema>())
        {
            var value = name == "id" && member.Examples is null && Ids.FirstOrDefault(i => component.StartsWith(i.Schema, StringComparison.Ordinal)).Id is { } id
                ? id
                : Usual.TryGetValue($"{component}.{name}", out var own) ? own : Of(member, name, request, depth + 1);
            if (value is not null || (!request && member.Type?.HasFlag(JsonSchemaType.Null) == true))
                example[name] = value;
        }
        return example;
    }

    static JsonNode? Text(IOpenApiSchema schema, string name)
    {
        if (schema.Format == "date")
            return "2026-12-01";
        if (schema.Format == "date-time")
            return name.StartsWith("updated", StringComparison.Ordinal) ? "2026-11-20T10:05:00Z" : "2026-11-20T10:00:00Z";
        var likely = FirstWord().Match(schema.Description ?? "") is { Success: true } word ? word.Groups[1].Value : Usual.GetValueOrDefault(name);
        likely ??= schema.Format == "uri" ? "https://example.com/" : null;
        if (likely is not null && (schema.Pattern is null || Regex.IsMatch(likely, schema.Pattern)) && likely.Length <= (schema.MaxLength ?? int.MaxValue))
            return likely;
        return schema.Type?.HasFlag(JsonSchemaType.Null) == true ? null : "text";
    }

    /// <summary>A description that lists the words begins with one: <c>`pending`, `approved` or `suspended`.</c></summary>
    [GeneratedRegex("^`([^`]+)`(,| or )")]
    private static partial Regex FirstWord();
}
