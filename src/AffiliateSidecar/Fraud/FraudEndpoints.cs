using AffiliateSidecar.Fraud.EvidencePack;
using AffiliateSidecar.Http;
using AffiliateSidecar.Storage;

namespace AffiliateSidecar.Fraud;

static class FraudEndpoints
{
    public static IServiceCollection AddFraud(this IServiceCollection services)
    {
        foreach (var signal in BuiltInSignals.All)
            services.AddSingleton(signal);
        services.AddSingleton<FraudReport>();
        services.AddSingleton<FraudBacktest>();
        services.AddSingleton<FraudSettings>();
        services.AddSingleton<FraudQuality>();
        services.AddSingleton<CaseBook>();
        services.AddSingleton<CaseMoney>();
        services.AddSingleton<CaseVerdicts>();
        services.AddSingleton<FraudScan>();
        services.AddSingleton<OldAddresses>();
        services.AddHostedService<FraudNights>();
        services.AddSingleton<FraudScanCheck>();
        services.AddSingleton<IReadinessCheck>(provider => provider.GetRequiredService<FraudScanCheck>());
        services.AddSingleton<IIntegrityCheck, CasesAreConsistent>();
        services.AddSingleton<IIntegrityCheck, ClickDaysMatchClicks>();
        services.AddSingleton<IAfterMigration, MissingClickDays>();
        services.AddSingleton<EvidencePage>();
        return services;
    }

    public static IEndpointRouteBuilder MapFraud(this IEndpointRouteBuilder api)
    {
        var fraud = api.MapGroup("/fraud").WithTags("Fraud");
        fraud.MapGet("/report", Report).RequireScope(Scope.FraudRead);
        fraud.MapCases();
        fraud.MapEvidence();
        return api;
    }

    /// <summary>Which partners deserve a look, ranked by the money at risk.</summary>
    /// <remarks>
    /// Each partner is compared with all the others, or with its own past, by several signals. Suspicious partners come first, the most
    /// money at risk on top; then those without anything odd, then those with too little data to say.
    /// The period is at most 400 days.
    /// </remarks>
    internal static async Task<FraudReportView> Report([AsParameters] Period period, FraudReport report, TimeProvider clock, CancellationToken cancel)
    {
        var (from, to) = period.Bounds(clock.GetUtcNow());
        return FraudReportView.Of(await report.RunAsync(from, to, cancel), from, to);
    }
}
