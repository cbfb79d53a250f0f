using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerUI;

namespace AffiliateSidecar.Http;

/// <summary>
/// <c>/openapi/v1.json</c> and its page <c>/swagger</c>, made from the code. A new endpoint is described by its <c>///</c> alone:
/// <list type="bullet">
/// <item>summary and remarks of the handler become the operation's; a <c>response</c> tag adds that answer (409, 422, …) with its text;</item>
/// <item>summary and example of a member become the schema's; bodies get an example put together from those (see <see cref="DocumentExamples"/>);</item>
/// <item><c>RequireScope</c> gives security, 401, 403 and 429; a body 400, 413 and 415; a part of the path 404; <c>Idempotent()</c> its header and 409, 422;</item>
/// <item>the tag's description is in <see cref="DocumentText"/>; names are turned to snake_case, as the binding does.</item>
/// </list>
/// A test compares the result with openapi/affiliate-sidecar.v1.json; <c>UPDATE_OPENAPI=1</c> on that test rewrites the file.
/// </summary>
static class Document
{
    const string Name = "v1";

    public static IServiceCollection AddDocument(this IServiceCollection services)
    {
        // Options are configured in order: the answers that can occur must be there before the generated transformer looks for their texts.
        services.Configure<Microsoft.AspNetCore.OpenApi.OpenApiOptions>(Name, options => options.AddOperationTransformer(DocumentErrors.AddPossible));
        services.AddOpenApi("v1", options =>
        {
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            options.AddSchemaTransformer(DocumentSchemas.Describe);
            options.AddOperationTransformer(DocumentOperations.Describe);
            options.AddOperationTransformer(DocumentErrors.KeepReal);
            options.AddDocumentTransformer(DocumentText.Describe);
            options.AddDocumentTransformer(DocumentErrors.DescribeShared);
            options.AddDocumentTransformer(DocumentOperations.Tidy);
            options.AddDocumentTransformer(DocumentExamples.Add);
        });
        return services;
    }

    /// <summary>Everything the page needs is inside this program; it asks nobody else.</summary>
    public static IApplicationBuilder UseDocumentPage(this IApplicationBuilder app) => app.UseWhen(
        http => http.Request.Path.StartsWithSegments("/swagger"),
        page => page.UseSwaggerUI(options =>
        {
            options.DocumentTitle = "Affiliate Sidecar API";
            options.SwaggerEndpoint("/openapi/v1.json", Name);
            options.EnablePersistAuthorization();
            options.EnableDeepLinking();
            options.EnableFilter();
            options.DisplayRequestDuration();
            options.DocExpansion(DocExpansion.None);
            options.ConfigObject.ValidatorUrl = null;
        }));
}
