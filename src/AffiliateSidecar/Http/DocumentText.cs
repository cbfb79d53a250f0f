using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace AffiliateSidecar.Http;

/// <summary>What the OpenAPI document says about the API as a whole: title, licence, the key, the sections in reading order.</summary>
static class DocumentText
{
    const string Introduction = """
        Affiliate marketing beside a shop: clicks, orders, commissions, balances, fraud reports, and a site that recruits partners.

        **Conventions.** JSON in snake_case. Money is `{"amount":"129.90","currency":"EUR"}`, a decimal string and a currency code. Times are RFC 3339
        in UTC. Ids are opaque, prefixed strings that sort by age. Lists are `{"data":[…],"next_cursor":…}`: pass `next_cursor` as `cursor` for the next page.
        Unknown members are ignored, unknown words of an enumeration are refused.

        **Errors** are RFC 9457 `application/problem+json` with `type`, `title`, `status`, `detail`, `instance` and `trace_id`; 400 and 422 carry `errors`,
        from member to messages.

        **Idempotency.** A POST that creates understands `Idempotency-Key`: the same key and body within 24 hours give the first answer again, with
        `Idempotency-Replayed: true`; the same key with another body is refused with 422; while the first is still being answered, 409.

        **Rate limits.** Answers carry `RateLimit-Policy` and `RateLimit`; when nothing is left, 429 with `Retry-After`.
        """;

    /// <summary>The sections, in the order the data flows. A tag that is not here is shown last, with its name as its text.</summary>
    static readonly (string Tag, string Text)[] Sections =
    [
        ("Partners", "The people who send customers: registration, approval, codes, links, coupons."),
        ("Tracking", "Clicks and impressions, as they happen."),
        ("Orders", "Orders and refunds as the shop states them, with the attribution that was decided."),
        ("Shops", "The shops this service stands beside, and their deliveries."),
        ("Commission rules", "What a line earns, as data."),
        ("Commissions", "What each order earned, and what a person decided about it."),
        ("Ledger", "Balances and the entries they are made of."),
        ("Fraud", "Which partners stand out from the others, with the evidence."),
        ("Reports", "Figures about partners, as JSON or as a spreadsheet."),
        ("Site", "The recruitment site."),
        ("Plugins", "What was loaded, and how it is."),
        ("Audit log", "Who did what, when, from where."),
        ("Service", "How the service itself is."),
    ];

    public static Task Describe(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancel)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Affiliate Sidecar",
            Version = "1",
            Description = Introduction,
            Contact = new OpenApiContact { Name = "Whoever runs this installation" },
            License = new OpenApiLicense { Name = "MIT", Identifier = "MIT" },
        };
        // Relative to where the document is served, so that one file fits every installation.
        document.Servers = [new OpenApiServer { Url = "..", Description = "This installation." }];
        document.AddComponent(Authorization.SchemeName, (IOpenApiSecurityScheme)new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http, Scheme = "bearer", BearerFormat = "API key",
            Description = "An API key. Make one with `affiliate-sidecar keys create --name N --scopes a,b`; it is shown once.",
        });
        var used = document.Operations().SelectMany(o => o.Tags ?? new HashSet<OpenApiTagReference>()).Select(t => t.Name!).ToHashSet();
        document.Tags = new HashSet<OpenApiTag>();
        foreach (var (tag, text) in Sections.Where(s => used.Remove(s.Tag)))
            document.Tags.Add(new OpenApiTag { Name = tag, Description = text });
        foreach (var tag in used.Order(StringComparer.Ordinal))
            document.Tags.Add(new OpenApiTag { Name = tag, Description = tag + "." });
        return Task.CompletedTask;
    }
}
