using System.Collections;
using System.Reflection;
using System.Text.Json;
using CsvHelper;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Net.Http.Headers;

namespace AffiliateSidecar.Http;

/// <summary>
/// A spreadsheet: columns are the members in snake_case, numbers stay numbers, and text that a spreadsheet would run as a formula
/// gets a leading <c>'</c>.
/// </summary>
static class Csv
{
    public const string MediaType = "text/csv";

    static readonly CsvWriterOptions Options = new() { Injection = CsvInjection.Escape };

    public static void Write<TRow>(Stream stream, IEnumerable<TRow> rows)
    {
        var columns = typeof(TRow).GetProperties(BindingFlags.Public | BindingFlags.Instance);
        using var csv = CsvWriter.Create(stream, Options, leaveOpen: true);
        csv.WriteHeader(columns.Select(c => JsonNamingPolicy.SnakeCaseLower.ConvertName(c.Name)).ToArray());
        foreach (var row in rows)
        {
            foreach (var column in columns)
                Write(csv, column.GetValue(row));
            csv.EndRecord();
        }
        csv.Flush();
    }

    /// <summary>To a caller on the network, who takes it at his own pace.</summary>
    public static async Task WriteAsync<TRow>(Stream stream, IEnumerable<TRow> rows, CancellationToken cancel)
    {
        using var whole = new MemoryStream();
        Write(whole, rows);
        whole.Position = 0;
        await whole.CopyToAsync(stream, cancel);
    }

    static void Write(CsvWriter csv, object? value)
    {
        switch (value)
        {
            case DateTimeOffset time: csv.WriteField(Rfc3339.Format(time)); break;
            case Money money: csv.WriteField(money.Amount); break;
            case string text: csv.WriteField(text); break;
            case IEnumerable list: csv.WriteField(string.Join(' ', list.Cast<object>())); break;
            default: csv.WriteField(value); break;
        }
    }

    /// <summary>JSON unless the caller's <c>Accept</c> puts <c>text/csv</c> before it.</summary>
    public static bool IsWanted(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().Accept;
        double Quality(string type) => accepted.Where(a => a.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase)).Select(a => a.Quality ?? 1).DefaultIfEmpty(0).Max();
        return Quality(MediaType) > Quality("application/json");
    }

}

/// <summary>A report as JSON, or its rows as a spreadsheet with <c>Accept: text/csv</c>.</summary>
/// <param name="asCsv">Null: as the caller's <c>Accept</c> says.</param>
sealed class ReportResult<TReport, TRow>(TReport report, IEnumerable<TRow> rows, string fileName, bool? asCsv = null) : IResult, IEndpointMetadataProvider
{
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(200, typeof(TReport), ["application/json", Csv.MediaType]));

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.Headers.Append(HeaderNames.Vary, HeaderNames.Accept);
        if (!(asCsv ?? Csv.IsWanted(httpContext.Request)))
        {
            await httpContext.Response.WriteAsJsonAsync(report, httpContext.RequestAborted);
            return;
        }
        httpContext.Response.ContentType = "text/csv; charset=utf-8; header=present";
        httpContext.Response.Headers.ContentDisposition = $"attachment; filename=\"{fileName}\"";
        await Csv.WriteAsync(httpContext.Response.Body, rows, httpContext.RequestAborted);
    }
}
