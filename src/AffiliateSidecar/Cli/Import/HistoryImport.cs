using AffiliateSidecar.Commissions;
using AffiliateSidecar.Orders;
using AffiliateSidecar.Partners;
using AffiliateSidecar.ReferenceData;
using AffiliateSidecar.Storage;
using AffiliateSidecar.Tracking;

namespace AffiliateSidecar.Cli.Import;

/// <summary>Loads the files of one program: its partners, impressions, clicks, orders and refunds, in this order.</summary>
static class HistoryImport
{
    /// <param name="files">Kind → path.</param>
    public static async Task<IReadOnlyList<FileReport>> RunAsync(IServiceProvider services, IReadOnlyDictionary<string, string> files,
        ImportProgress progress, CancellationToken cancel)
    {
        T Get<T>() where T : notnull => services.GetRequiredService<T>();

        var (database, intake, clock) = (Get<Database>(), Get<OrderIntake>(), Get<TimeProvider>());
        var partners = new ImportedPartners(database, Get<PersonalData>());
        await partners.LoadAsync(cancel);
        var window = (await Get<RuleStore>().CurrentAsync(cancel)).Program.WindowDays;
        IFileImport[] imports =
        [
            new PartnerImport(partners, Get<PartnerRegistry>(), Get<PersonalData>()),
            new ImpressionImport(partners, database, clock),
            new ClickImport(partners, database, Get<Agents>(), Get<Visitors>(), Get<PersonalData>(), Get<AddressFacts>(), Get<AdClickIds>(), Get<TrackingSettings>(), window, clock),
            new OrderImport(partners, database, intake, Get<AddressFacts>()),
            new RefundImport(intake),
        ];
        var reports = new List<FileReport>();
        foreach (var import in imports)
            if (files.TryGetValue(import.Kind, out var path))
                reports.Add(await import.RunAsync(path, progress, cancel));
        return reports;
    }
}
