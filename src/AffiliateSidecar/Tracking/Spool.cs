using System.Text.Json;
using AffiliateSidecar.Http;

namespace AffiliateSidecar.Tracking;

/// <summary>
/// Rows that wait in files while the database is away: one JSON document a line, on the disk before the call returns.
/// A file is only ever written by the process that began it, so a line cut by a crash is a last line that nobody was promised.
/// </summary>
sealed class Spool<T>(string folder, string name, TimeProvider clock) : IDisposable
{
    readonly Lock gate = new();
    FileStream? open;

    public bool IsEmpty => !Directory.Exists(folder) || !Directory.EnumerateFiles(folder, $"{name}-*.jsonl").Any();

    public void Append(IReadOnlyList<T> rows)
    {
        using var lines = new MemoryStream();
        foreach (var row in rows)
        {
            JsonSerializer.Serialize(lines, row, Json.Options);
            lines.WriteByte((byte)'\n');
        }
        lock (gate)
        {
            open ??= Begin();
            try
            {
                lines.WriteTo(open);
                open.Flush(flushToDisk: true);
            }
            catch (IOException)
            {
                // Half a batch may be in it (a full disk): the next one begins a file of its own.
                Close();
                throw;
            }
        }
    }

    /// <summary>The files to be taken in, oldest first. What is appended from now on goes to another one.</summary>
    public IReadOnlyList<string> Closed()
    {
        lock (gate)
            Close();
        return Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder, $"{name}-*.jsonl").Order(StringComparer.Ordinal)] : [];
    }

    /// <summary>The rows of a file, and how many lines before the last one could not be read.</summary>
    public static (IReadOnlyList<T> Rows, int Damaged) Read(string file)
    {
        var rows = new List<T>();
        var (damaged, lastIsDamaged) = (0, false);
        foreach (var line in File.ReadLines(file))
        {
            damaged += lastIsDamaged ? 1 : 0;
            lastIsDamaged = false;
            try
            {
                rows.Add(JsonSerializer.Deserialize<T>(line, Json.Options)!);
            }
            catch (JsonException)
            {
                lastIsDamaged = true;
            }
        }
        return (rows, damaged);
    }

    FileStream Begin()
    {
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, $"{name}-{clock.GetUtcNow():yyyyMMddHHmmssfff}-{Guid.NewGuid():N}.jsonl");
        return new FileStream(file, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
    }

    void Close()
    {
        open?.Dispose();
        open = null;
    }

    public void Dispose() => Close();
}
