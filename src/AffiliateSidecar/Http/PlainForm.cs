using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;

namespace AffiliateSidecar.Http;

/// <summary>What a page without scripts posts: a few short fields, and never more than that.</summary>
static class PlainForm
{
    public const string Type = "application/x-www-form-urlencoded", Multipart = "multipart/form-data";

    static readonly FormOptions Limits = new() { ValueCountLimit = 32, KeyLengthLimit = 100, ValueLengthLimit = 16_384, BufferBodyLengthLimit = 65_536 };

    public static TBuilder LimitForm<TBuilder>(this TBuilder endpoint) where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new BodyLimit());

    /// <summary>The fields; none where no form came.</summary>
    /// <exception cref="BadRequestException">More or longer fields than any page of ours has, or a NUL: no browser sends that.</exception>
    public static async Task<IFormCollection> FormAsync(this HttpRequest request, CancellationToken cancel)
    {
        try
        {
            return request.HasFormContentType ? await new FormFeature(request, Limits).ReadFormAsync(cancel) : FormCollection.Empty;
        }
        // An IOException of the form's reader: it breaks off in the middle. The server's own (the body is too large) says so itself.
        catch (Exception e) when (e is InvalidDataException or IOException and not BadHttpRequestException)
        {
            throw new BadRequestException("form", e.Message);
        }
    }

    sealed class BodyLimit : IRequestSizeLimitMetadata
    {
        public long? MaxRequestBodySize => 65_536;
    }
}
