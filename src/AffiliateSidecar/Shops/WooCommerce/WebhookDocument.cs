using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace AffiliateSidecar.Shops.WooCommerce;

/// <summary>What the code cannot tell the OpenAPI document: the handler reads the raw body.</summary>
static class WebhookDocument
{
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
        return Task.CompletedTask;
    }
}
