using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace AffiliateSidecar.Shops.WooCommerce;

/// <summary>What the code cannot tell the OpenAPI document: the handler reads the raw body, and a signature takes the place of a key.</summary>
static class WebhookDocument
{
    const string Scheme = "WooCommerceSignature";

    public static Task Describe(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancel)
    {
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Description = "An order of WooCommerce's REST API v3; `{\"id\":207}` for a deleted one.",
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/json"] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.Object }, Example = JsonNode.Parse("""{"id":207}""") },
            },
        };
        context.Document!.AddComponent(Scheme, (IOpenApiSecurityScheme)new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = WebhookSignature.Header,
            Description = "base64(HMAC-SHA256(raw body, the webhook's secret)), as WooCommerce makes it.",
        });
        operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, context.Document)] = [] }];
        return Task.CompletedTask;
    }
}
