using AffiliateSidecar.Cli.Import;

namespace AffiliateSidecar.Support;

/// <summary>The import of the command line, into a running service.</summary>
static class Import
{
    /// <summary>What it said of bad rows.</summary>
    public static async Task<(IReadOnlyList<FileReport> Reports, string Errors)> RunAsync(SidecarApp app, CsvFolder folder, params (string Kind, string File)[] files)
    {
        var errors = new StringWriter();
        var reports = await HistoryImport.RunAsync(app.Services, files.ToDictionary(f => f.Kind, f => folder[f.File]), new ImportProgress(errors), CancellationToken.None);
        return (reports, errors.ToString());
    }
}
