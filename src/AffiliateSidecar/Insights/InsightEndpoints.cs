using AffiliateSidecar.Http;
using AffiliateSidecar.Storage;

namespace AffiliateSidecar.Insights;

static class InsightEndpoints
{
    public static IEndpointRouteBuilder MapInsights(this IEndpointRouteBuilder api)
    {
        var reports = api.MapGroup("/reports").WithTags("Reports");
        reports.MapGet("/conversion-time", ConversionTime).RequireScope(Scope.ReportsRead);
        reports.MapGet("/ctr", Ctr).RequireScope(Scope.ReportsRead);
        return api;
    }

    /// <summary>How long each partner's customers take from click to order.</summary>
    /// <remarks>Medians and quartiles are exact, as a spreadsheet's QUARTILE.INC gives them. With <c>Accept: text/csv</c> a spreadsheet.</remarks>
    internal static async Task<ReportResult<ConversionTimeReport, ConversionTimeRow>> ConversionTime([AsParameters] Period period, Database database,
        TimeProvider clock, CancellationToken cancel)
    {
        var (from, to) = period.Bounds(clock.GetUtcNow());
        await using var db = database.Open();
        var report = await ConversionTimeReport.LoadAsync(db, from, to, cancel);
        return new(report, report.Partners, "conversion-time.csv");
    }

    /// <summary>Clicks per impression of each partner.</summary>
    /// <remarks>Invalid clicks are declared bots, prefetches and repetitions; they are never paid. With <c>Accept: text/csv</c> a spreadsheet.</remarks>
    internal static async Task<ReportResult<CtrReport, CtrRow>> Ctr([AsParameters] Period period, Database database, TimeProvider clock, CancellationToken cancel)
    {
        var (from, to) = period.Bounds(clock.GetUtcNow());
        await using var db = database.Open();
        var report = await CtrReport.LoadAsync(db, from, to, cancel);
        return new(report, report.Partners, "ctr.csv");
    }
}
