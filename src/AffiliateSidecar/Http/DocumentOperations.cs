using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace AffiliateSidecar.Http;

/// <summary>Ids, names, security and header fields of each operation.</summary>
static partial class DocumentOperations
{
    public static Task Describe(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancel)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        operation.OperationId = IdOf(operation, context, metadata);
        operation.Summary = operation.Summary?.TrimEnd('.');
        operation.Description ??= operation.Summary + ".";
        foreach (var parameter in (operation.Parameters ?? []).OfType<OpenApiParameter>())
            parameter.Name = ProblemWriter.JsonName(parameter.Name!);
        var scope = metadata.OfType<RequiredScope>().FirstOrDefault();
        operation.Security = [];
        if (scope is not null)
        {
            operation.Security.Add(new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Authorization.SchemeName, context.Document)] = [] });
            operation.Description += $"\n\nNeeds a key with the scope `{scope.Name}`.";
        }
        if (metadata.OfType<IdempotentEndpoint>().Any())
            (operation.Parameters ??= []).Add(new OpenApiParameter
            {
                Name = Idempotency.Header, In = ParameterLocation.Header, Example = "7d0c5c2e-6a1f-4f0b-9d0e-1b1f6f0f3c11",
                Description = "Makes trying again safe: the same key and body within 24 hours give the first answer again.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = 255, Pattern = "^[!-~]+$" },
            });
        foreach (var response in (operation.Responses ?? []).Where(r => r.Key[0] == '2').Select(r => r.Value).OfType<OpenApiResponse>())
            DescribeHeaders(response, metadata, context.Document!);
        return Task.CompletedTask;
    }

    static void DescribeHeaders(OpenApiResponse response, IList<object> metadata, OpenApiDocument document)
    {
        response.Headers ??= new Dictionary<string, IOpenApiHeader>();
        if (metadata.OfType<RequiredScope>().Any() || metadata.OfType<LimitedPerAddress>().Any())
            foreach (var name in new[] { "RateLimit", "RateLimit-Policy" })
                response.Headers[name] = new OpenApiHeaderReference(name, document);
        if (metadata.OfType<IdempotentEndpoint>().Any())
            response.Headers[Idempotency.Replayed] = new OpenApiHeader
            {
                Description = "`true` where this is the first answer again.", Schema = new OpenApiSchema { Type = JsonSchemaType.String }, Example = "true",
            };
        if (response.Headers.Count == 0)
            response.Headers = null;
    }

    public static IEnumerable<OpenApiOperation> Operations(this OpenApiDocument document) =>
        document.Paths.Values.SelectMany(path => path.Operations?.Values.AsEnumerable() ?? []);

    /// <summary><c>partners_add_coupon</c>: the section and the handler.</summary>
    static string IdOf(OpenApiOperation operation, OpenApiOperationTransformerContext context, IList<object> metadata)
    {
        var section = operation.Tags?.FirstOrDefault()?.Name ?? "service";
        var handler = metadata.OfType<MethodInfo>().FirstOrDefault()?.Name is { } name && !name.Contains('<', StringComparison.Ordinal)
            ? name
            : $"{context.Description.HttpMethod}_{context.Description.RelativePath}";
        var words = $"{JsonNamingPolicy.SnakeCaseLower.ConvertName(section)}_{JsonNamingPolicy.SnakeCaseLower.ConvertName(handler)}";
        return NotAWord().Replace(words.ToLowerInvariant(), "_").Trim('_');
    }

    /// <summary>snake_case in paths too, and one id an operation, also where two routes share a handler.</summary>
    public static Task Tidy(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancel)
    {
        var paths = new OpenApiPaths();
        foreach (var (path, item) in document.Paths.OrderBy(p => p.Key, StringComparer.Ordinal))
            paths[PathPart().Replace(path, m => $"{{{ProblemWriter.JsonName(m.Groups[1].Value)}}}")] = item;
        document.Paths = paths;
        var seen = new Dictionary<string, int>();
        foreach (var operation in document.Operations())
        {
            var times = seen[operation.OperationId!] = seen.GetValueOrDefault(operation.OperationId!) + 1;
            if (times > 1)
                operation.OperationId += $"_{times}";
        }
        return Task.CompletedTask;
    }

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex NotAWord();

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex PathPart();
}
