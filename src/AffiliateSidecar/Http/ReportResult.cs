using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Net.Http.Headers;

namespace AffiliateSidecar.Http;

/// <summary>A report as JSON, or its rows as a spreadsheet with <c>Accept: text/csv</c> or that of a workbook (.xlsx).</summary>
/// <param name="name">Of the file, without its ending.</param>
/// <param name="mediaType">Null: as the caller's <c>Accept</c> says.</param>
sealed class ReportResult<TReport, TRow>(TReport report, IEnumerable<TRow> rows, string name, string? mediaType = null) : IResult, IEndpointMetadataProvider
{
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(200, typeof(TReport), [ReportForm.Json, Csv.MediaType, Xlsx.MediaType]));

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.Headers.Append(HeaderNames.Vary, HeaderNames.Accept);
        using var whole = new MemoryStream();
        switch (mediaType ?? ReportForm.Wanted(httpContext.Request))
        {
            case Csv.MediaType:
                Csv.Write(whole, rows);
                await SendAsync(httpContext, whole, "text/csv; charset=utf-8; header=present", ".csv");
                break;
            case Xlsx.MediaType:
                Xlsx.Write(whole, rows, name);
                await SendAsync(httpContext, whole, Xlsx.MediaType, ".xlsx");
                break;
            default:
                await httpContext.Response.WriteAsJsonAsync(report, httpContext.RequestAborted);
                break;
        }
    }

    /// <summary>Made as a whole before it is sent: the caller takes it at his own pace.</summary>
    async Task SendAsync(HttpContext http, MemoryStream whole, string contentType, string ending)
    {
        http.Response.ContentType = contentType;
        http.Response.ContentLength = whole.Length;
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"{name}{ending}\"";
        whole.Position = 0;
        await whole.CopyToAsync(http.Response.Body, http.RequestAborted);
    }
}

static class ReportForm
{
    public const string Json = "application/json";

    /// <summary>JSON unless the caller's <c>Accept</c> puts a spreadsheet before it.</summary>
    public static string Wanted(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().Accept;
        double Quality(string type) => accepted.Where(a => a.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase)).Select(a => a.Quality ?? 1).DefaultIfEmpty(0).Max();
        return new[] { Json, Csv.MediaType, Xlsx.MediaType }.MaxBy(Quality)!;
    }
}
