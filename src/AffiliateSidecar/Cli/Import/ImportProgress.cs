namespace AffiliateSidecar.Cli.Import;

/// <summary>What became of one file.</summary>
sealed class FileReport(string kind, string file)
{
    public string Kind { get; } = kind;
    public string File { get; } = file;
    public long Rows { get; set; }
    public long New { get; set; }
    public long Refused { get; set; }

    /// <summary>Taken in, with something that the owner should know.</summary>
    public long Noted { get; set; }

    /// <summary>Known already; importing a file twice changes nothing.</summary>
    public long Unchanged => Rows - New - Refused;

    /// <summary>Why the file could not be read to its end.</summary>
    public string? Error { get; set; }
}

/// <summary>Where the import tells how it goes.</summary>
/// <param name="errors">Gets one line a refused row: <c>file:line: member: message</c>.</param>
/// <param name="advance">Gets the part of a file that is done, from 0 to 1.</param>
sealed class ImportProgress(TextWriter errors, Action<string, double>? advance = null)
{
    public void Refuse(FileReport report, long line, BadRowException error)
    {
        lock (errors)
        {
            report.Refused++;
            errors.WriteLine($"{report.File}:{line}: {error.Member}: {error.Message}");
        }
    }

    public void Note(FileReport report, long line, string message)
    {
        lock (errors)
        {
            report.Noted++;
            errors.WriteLine($"{report.File}:{line}: note: {message}");
        }
    }

    public void Fail(FileReport report, string message, int? line = null)
    {
        report.Error = message;
        errors.WriteLine(line is null ? $"{report.File}: {message}" : $"{report.File}:{line}: {message}");
    }

    public void Advance(string kind, double done) => advance?.Invoke(kind, Math.Min(done, 1));

    public void Advance(string kind, (long Read, long All) bytes) => advance?.Invoke(kind, bytes.All == 0 ? 1 : (double)bytes.Read / bytes.All);
}
