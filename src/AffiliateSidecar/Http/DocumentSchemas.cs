using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace AffiliateSidecar.Http;

/// <summary>What our own JSON converters and attributes mean on the wire; the generator cannot look into them.</summary>
static class DocumentSchemas
{
    const string DecimalPattern = @"^-?[0-9]+(\.[0-9]+)?$";

    public static Task Describe(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancel)
    {
        var given = context.JsonTypeInfo.Type;
        var type = Nullable.GetUnderlyingType(given) ?? given;
        // A query member is there or not; it is never null.
        var nullable = type == given || context.ParameterDescription is not null ? 0 : JsonSchemaType.Null;
        if (type == typeof(DateTimeOffset))
        {
            schema.Type = JsonSchemaType.String | nullable;
            schema.Format = "date-time";
        }
        else if (type == typeof(DecimalText))
        {
            schema.Type = JsonSchemaType.String | nullable;
            schema.Pattern = DecimalPattern;
            schema.Description ??= "A decimal string in major units.";
            schema.Examples ??= [JsonValue.Create("129.90")];
        }
        else if (type == typeof(Money))
            Describe(schema, JsonSchemaType.Object | nullable);
        // The generator has no word for the items of a list whose converter it does not know.
        else if (type.IsAssignableTo(typeof(IEnumerable<Money>)))
            schema.Items = Describe(new OpenApiSchema(), JsonSchemaType.Object);
        if (Words(context) is { } words)
        {
            schema.Enum = [.. words.Select(w => (JsonNode)JsonValue.Create(w))];
            if (schema.Type?.HasFlag(JsonSchemaType.Null) == true)
                schema.Enum.Add(JsonNullSentinel.JsonNull);
        }
        return Task.CompletedTask;
    }

    static OpenApiSchema Describe(OpenApiSchema money, JsonSchemaType type)
    {
        money.Type = type;
        money.Description ??= "An amount of money.";
        money.Required = new HashSet<string> { "amount", "currency" };
        money.Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["amount"] = new OpenApiSchema
            {
                Type = JsonSchemaType.String, Pattern = DecimalPattern, Examples = ["129.90"],
                Description = "A decimal string in major units, with as many decimals as the currency has.",
            },
            ["currency"] = new OpenApiSchema
            {
                Type = JsonSchemaType.String, Pattern = "^[A-Z]{3,4}$", Examples = ["EUR"],
                Description = "ISO 4217, or `IRT` (toman), `IRHR`, `IRHT` (thousand rial, thousand toman).",
            },
        };
        return money;
    }

    static IReadOnlyList<string>? Words(OpenApiSchemaTransformerContext context)
    {
        var attributes = context.JsonPropertyInfo?.AttributeProvider
            ?? (context.ParameterDescription?.ModelMetadata is { ContainerType: { } container, PropertyName: { } name } ? container.GetProperty(name) : null)
            ?? (ICustomAttributeProvider?)(context.ParameterDescription?.ParameterDescriptor as Microsoft.AspNetCore.Mvc.Infrastructure.IParameterInfoParameterDescriptor)?.ParameterInfo;
        return attributes?.GetCustomAttributes(typeof(OneOfAttribute), true).OfType<OneOfAttribute>().FirstOrDefault()?.Words;
    }
}
