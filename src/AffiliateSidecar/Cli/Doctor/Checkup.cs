namespace AffiliateSidecar.Cli.Doctor;

/// <summary>The doctor's round, from what everything stands on to what stands on it.</summary>
static class Checkup
{
    public static readonly IReadOnlyList<Func<IServiceProvider, CancellationToken, IAsyncEnumerable<Diagnosis>>> All =
    [
        ConfigurationCheckup.RunAsync,
        MachineCheckup.RunAsync,
        DatabaseCheckup.RunAsync,
        ShopCheckup.RunAsync,
        WebhookCheckup.RunAsync,
        DriftCheckup.RunAsync,
        FraudCheckup.RunAsync,
        ReferenceCheckup.RunAsync,
        MailCheckup.RunAsync,
        SiteCheckup.RunAsync,
        PluginCheckup.RunAsync,
    ];
}
