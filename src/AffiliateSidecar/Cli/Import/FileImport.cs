namespace AffiliateSidecar.Cli.Import;

/// <summary>A row and the line it came from.</summary>
readonly record struct Numbered<T>(int Line, T Value);

/// <summary>What became of a batch: how many rows were new, and which were refused when they were to be stored.</summary>
sealed record BatchOutcome(int New, IReadOnlyList<(int Line, BadRowException Error)> Refused)
{
    public BatchOutcome(int added) : this(added, []) { }
}

/// <summary>One kind of file: its columns, a row, and how a batch of rows is stored so that the same row again changes nothing.</summary>
abstract class FileImport<T>(string kind, IReadOnlyCollection<string> columns) : IFileImport
{
    // Some thousand rows a transaction: few waits for the disk, little memory.
    protected virtual int BatchSize => 5000;

    public string Kind => kind;

    /// <exception cref="BadRowException">The row cannot be taken in.</exception>
    protected abstract T Parse(CsvFile row);

    protected abstract Task<BatchOutcome> StoreAsync(IReadOnlyList<Numbered<T>> batch, CancellationToken cancel);

    public async Task<FileReport> RunAsync(string path, ImportProgress progress, CancellationToken cancel)
    {
        var report = new FileReport(kind, path);
        var storing = Task.CompletedTask;
        var batch = new List<Numbered<T>>(BatchSize);
        try
        {
            using var file = new CsvFile(path, columns, (line, error) =>
            {
                report.Rows++;
                progress.Refuse(report, line, error);
            });
            while (file.Read())
            {
                report.Rows++;
                try
                {
                    batch.Add(new(file.Line, Parse(file)));
                }
                catch (BadRowException e)
                {
                    progress.Refuse(report, file.Line, e);
                }
                if (batch.Count < BatchSize)
                    continue;
                await storing;
                progress.Advance(kind, file.Progress);
                // One batch is stored while the next is read.
                var full = batch;
                storing = Task.Run(() => StoreAsync(full, report, progress, cancel), cancel);
                batch = new(BatchSize);
            }
            progress.Advance(kind, file.Progress);
        }
        catch (BadRowException e)
        {
            progress.Fail(report, $"{e.Member}: {e.Message}", line: 1);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or CsvHelper.CsvFormatException)
        {
            progress.Fail(report, e.Message);
        }
        // Where the file breaks off, what was read before goes in.
        await storing;
        await StoreAsync(batch, report, progress, cancel);
        return report;
    }

    async Task StoreAsync(List<Numbered<T>> batch, FileReport report, ImportProgress progress, CancellationToken cancel)
    {
        if (batch.Count == 0)
            return;
        var outcome = await StoreAsync(batch, cancel);
        report.New += outcome.New;
        foreach (var (line, error) in outcome.Refused)
            progress.Refuse(report, line, error);
    }
}

interface IFileImport
{
    /// <summary>The option's name: <c>clicks</c>.</summary>
    string Kind { get; }

    Task<FileReport> RunAsync(string path, ImportProgress progress, CancellationToken cancel);
}
