using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.OpenApi;

namespace AffiliateSidecar.Http;

/// <summary>The errors of each operation. One with a text of its own (a <c>response</c> tag) is written out, the others are shared.</summary>
static class DocumentErrors
{
    /// <summary>Every error there is, with the text it has where the handler gives none.</summary>
    static readonly Dictionary<string, string> Texts = new()
    {
        ["400"] = "The request cannot be read, or a member is missing or of the wrong form.",
        ["401"] = "No API key, or one that is not known.",
        ["403"] = "The key lacks the scope.",
        ["404"] = "There is no such thing.",
        ["409"] = "The request does not fit the present state.",
        ["413"] = "The body is too large.",
        ["415"] = "The body is not JSON.",
        ["422"] = "The request is well-formed, but cannot be accepted.",
        ["429"] = "Too many requests.",
        ["500"] = "A mistake of the service; nothing is wrong with the request.",
        ["503"] = "The database cannot be used right now; nothing was changed.",
    };

    /// <summary>Every error, so that the generated transformer finds a place for each text of a handler.</summary>
    public static Task AddPossible(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancel)
    {
        operation.Responses ??= [];
        foreach (var (status, text) in Texts)
            operation.Responses.TryAdd(status, new OpenApiResponse { Description = text });
        return Task.CompletedTask;
    }

    /// <summary>Leaves what can happen.</summary>
    public static Task KeepReal(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancel)
    {
        var real = Real(operation, context.Description.ActionDescriptor.EndpointMetadata);
        foreach (var (status, text) in Texts)
        {
            if (operation.Responses![status] is not OpenApiResponse { Content: null } response)
                continue;
            operation.Responses.Remove(status);
            if (response.Description != text)
                operation.Responses[status] = Problem(status, response.Description!, context.Document!);
            else if (real.Contains(status))
                operation.Responses[status] = new OpenApiResponseReference(ComponentOf(status), context.Document);
        }
        // A redirect is the success of a link or a form. Readers that look for one among the 2xx are told what everything else is.
        if (!operation.Responses!.Keys.Any(status => status.StartsWith('2')))
            operation.Responses["default"] = Problem("500", "Anything else is a problem.", context.Document!);
        return Task.CompletedTask;
    }

    static HashSet<string> Real(OpenApiOperation operation, IList<object> metadata)
    {
        // 400: any request can be so broken that nobody can read it.
        HashSet<string> real = ["400", "500", "503"];
        var keyed = metadata.OfType<RequiredScope>().Any();
        if (keyed)
            real.UnionWith(["401", "403"]);
        if (keyed || metadata.OfType<LimitedPerAddress>().Any())
            real.Add("429");
        if (operation.Parameters?.Any(p => p.In == ParameterLocation.Path) == true)
            real.Add("404");
        if (operation.RequestBody is not null)
            real.UnionWith(["413", "415"]);
        if (metadata.OfType<IdempotentEndpoint>().Any())
            real.UnionWith(["409", "422"]);
        return real;
    }

    /// <summary>The schema of a problem, and the answers and header fields that operations share.</summary>
    public static Task DescribeShared(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancel)
    {
        document.AddComponent("Problem", (IOpenApiSchema)new OpenApiSchema
        {
            Type = JsonSchemaType.Object, Description = "RFC 9457 problem details.",
            Required = new HashSet<string> { "type", "title", "status", "detail", "instance", "trace_id" },
            Properties = new Dictionary<string, IOpenApiSchema>
            {
                ["type"] = Text("What kind of problem: `about:blank`, where the status says it all.", "about:blank"),
                ["title"] = Text("The status in words.", "Bad Request"),
                ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Description = "The status.", Examples = [400] },
                ["detail"] = Text("What happened and what to do, in a sentence.", "limit: Expected a whole number."),
                ["instance"] = Text("The path that was asked for.", "/v1/partners"),
                ["trace_id"] = Text("Look for it in the log: the trace of your `traceparent`, or the request's own number.", "0HNQAIU1HPB4S:00000001"),
                ["errors"] = new OpenApiSchema
                {
                    Type = JsonSchemaType.Object, Description = "With 400 and 422: from the member that is wrong to what is wrong with it.",
                    AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.String } },
                },
            },
        });
        AddHeader(document, "RateLimit", "What is left of the budget (`r`), and the seconds until all of it is back (`t`).", "\"key\";r=599999;t=1");
        AddHeader(document, "RateLimit-Policy", "The budget: requests (`q`) in a window of seconds (`w`).", "\"key\";q=600000;w=60");
        AddHeader(document, "Retry-After", "Seconds to wait.", "5");
        foreach (var status in Texts.Keys)
            if (IsUsed(document, ComponentOf(status)))
                document.AddComponent(ComponentOf(status), (IOpenApiResponse)Problem(status, Texts[status], document));
        return Task.CompletedTask;
    }

    static bool IsUsed(OpenApiDocument document, string component) => document.Operations()
        .SelectMany(o => o.Responses?.Values.AsEnumerable() ?? []).OfType<OpenApiResponseReference>().Any(r => r.Reference.Id == component);

    static OpenApiResponse Problem(string status, string text, OpenApiDocument document)
    {
        string[] headers = status switch
        {
            "429" => ["Retry-After", "RateLimit", "RateLimit-Policy"],
            "503" => ["Retry-After"],
            _ => [],
        };
        return new OpenApiResponse
        {
            Description = text,
            Headers = headers.Length == 0 ? null : headers.ToDictionary(h => h, h => (IOpenApiHeader)new OpenApiHeaderReference(h, document)),
            Content = new Dictionary<string, OpenApiMediaType>
            {
                [ProblemWriter.ContentType] = new() { Schema = new OpenApiSchemaReference("Problem", document), Example = DocumentExamples.Problem(int.Parse(status), text) },
            },
        };
    }

    static string ComponentOf(string status) => ReasonPhrases.GetReasonPhrase(int.Parse(status)).Replace(" ", "", StringComparison.Ordinal);

    static void AddHeader(OpenApiDocument document, string name, string text, string example) => document.AddComponent(name,
        (IOpenApiHeader)new OpenApiHeader { Description = text, Schema = new OpenApiSchema { Type = JsonSchemaType.String }, Example = example });

    static OpenApiSchema Text(string text, string example) => new() { Type = JsonSchemaType.String, Description = text, Examples = [example] };
}
