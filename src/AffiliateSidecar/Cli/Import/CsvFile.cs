using System.Globalization;
using System.IO.Compression;
using CsvHelper;

namespace AffiliateSidecar.Cli.Import;

/// <summary>A row that cannot be taken in: which member, and why.</summary>
sealed class BadRowException(string member, string message) : Exception(message)
{
    public string Member { get; } = member;
}

/// <summary>A CSV file with a header line, plain or gzip, read row by row.</summary>
sealed class CsvFile : IDisposable
{
    readonly FileStream file;
    readonly CsvReader reader;
    readonly Dictionary<string, int> columns;

    /// <param name="malformed">Gets the line of each row that has too many or too few fields, or a quote where none may be.</param>
    /// <exception cref="BadRowException">The header lacks a column.</exception>
    public CsvFile(string path, IReadOnlyCollection<string> required, Action<int, BadRowException> malformed)
    {
        file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        reader = CsvReader.Create(Unpacked(file), new CsvReaderOptions
        {
            Separator = ',',
            // The same browsers and pages come again and again.
            PoolStrings = true,
            TrackLineNumbers = true,
            // None of the columns has line breaks, and so an open quote costs one row instead of the rest of the file.
            AllowLineBreaksInQuotes = false,
            MalformedData = CsvMalformedDataHandling.Skip,
            FieldCountMismatch = CsvFieldCountHandling.Skip,
            OnMalformedRecord = bad => malformed((int)bad.LineNumber!, new BadRowException("row",
                bad.Reason == CsvMalformedReason.FieldCountMismatch ? "not as many fields as the header has" : "a quote is open, or where none may be")),
            MaxRecordSize = 1 << 20,
        });
        columns = reader.Headers.Select((name, at) => (name, at)).DistinctBy(c => c.name).ToDictionary(c => c.name, c => c.at, StringComparer.Ordinal);
        if (required.FirstOrDefault(name => !columns.ContainsKey(name)) is not { } missing)
            return;
        Dispose();
        throw new BadRowException(missing, "the file has no such column");
    }

    public int Line => (int)reader.LineNumber;

    /// <summary>Bytes of the file read so far, and all of them.</summary>
    public (long Read, long All) Progress => (file.Position, file.Length);

    public bool Read() => reader.Read();

    /// <summary>Empty where the field is.</summary>
    public string Text(string column, int most)
    {
        var text = Field(column);
        return text.Length <= most ? text : throw new BadRowException(column, $"longer than {most} characters");
    }

    /// <summary>Empty where the field is, or where the file has no such column.</summary>
    public string Optional(string column, int most) => columns.ContainsKey(column) ? Text(column, most) : "";

    public string Required(string column, int most) =>
        Text(column, most) is { Length: > 0 } text ? text : throw new BadRowException(column, "missing");

    /// <summary>Text that only describes: cut where it is too long.</summary>
    public string? Cut(string column, int most) => Field(column) switch
    {
        "" => null,
        var text when text.Length > most => text[..most],
        var text => text,
    };

    public DateTimeOffset Time(string column) =>
        Http.Rfc3339.TryParse(Field(column), out var time) && time.Year is >= 1990 and <= 2200
            ? time
            : throw new BadRowException(column, "not a time such as 2025-11-03T17:20:05Z");

    public decimal Amount(string column) =>
        Http.DecimalText.TryParse(Field(column), out var amount) && amount is >= 0 and < 1_000_000_000_000m
            ? amount
            : throw new BadRowException(column, "not an amount such as 129.90");

    public long Count(string column) =>
        long.TryParse(Field(column), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count < 1_000_000_000_000
            ? count
            : throw new BadRowException(column, "not a whole number");

    public string? Country(string column) => Field(column) switch
    {
        "" => null,
        [>= 'A' and <= 'Z', >= 'A' and <= 'Z'] country => country,
        _ => throw new BadRowException(column, "not a country code such as DE"),
    };

    string Field(string column) => reader.GetString(columns[column]);

    static Stream Unpacked(FileStream file)
    {
        Span<byte> start = stackalloc byte[2];
        var isGzip = file.ReadAtLeast(start, 2, throwOnEndOfStream: false) == 2 && start is [0x1f, 0x8b];
        file.Position = 0;
        return isGzip ? new GZipStream(file, CompressionMode.Decompress) : file;
    }

    public void Dispose()
    {
        reader.Dispose();
        file.Dispose();
    }
}
