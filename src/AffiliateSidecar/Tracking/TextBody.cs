using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using AffiliateSidecar.Http;
using Microsoft.AspNetCore.Mvc;

namespace AffiliateSidecar.Tracking;

/// <summary>
/// JSON that may call itself text/plain: such a POST is "simple", so a browser sends it at once instead of asking first,
/// and sends it even while the page is being left.
/// </summary>
static class TextBody
{
    const int Longest = 16_384;

    public static RouteHandlerBuilder ReadsText<T>(this RouteHandlerBuilder endpoint) where T : notnull =>
        endpoint.Accepts<T>("application/json", "text/plain").WithMetadata(new RequestSizeLimitAttribute(Longest));

    public static async Task<T> ReadAsync<T>(HttpContext http, CancellationToken cancel) where T : class
    {
        try
        {
            var value = await JsonSerializer.DeserializeAsync<T>(http.Request.Body, Json.Options, cancel)
                ?? throw new JsonException("Expected an object.");
            Validate(value);
            return value;
        }
        catch (JsonException e)
        {
            throw new BadHttpRequestException("The body is not the JSON expected here.", e);
        }
    }

    static void Validate(object value)
    {
        var mistakes = new List<ValidationResult>();
        if (!Validator.TryValidateObject(value, new ValidationContext(value), mistakes, validateAllProperties: true))
            throw new BadRequestException(JsonNamingPolicy.SnakeCaseLower.ConvertName(mistakes[0].MemberNames.FirstOrDefault() ?? "body"), mistakes[0].ErrorMessage!);
    }
}
