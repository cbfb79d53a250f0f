using System.Globalization;

namespace AffiliateSidecar.Site;

/// <summary>A file of the built site as the build left it.</summary>
/// <param name="Hash">Of its bytes.</param>
/// <param name="Size">Of the file on the disk.</param>
/// <param name="Written">Ticks of its time on the disk: somebody who edits the file by hand is found out.</param>
/// <param name="Content">Of what the page says, without layout and style; zero for other files.</param>
/// <param name="Day">When that last changed.</param>
readonly record struct FileMark(UInt128 Hash, long Size, long Written, UInt128 Content, DateOnly Day);

/// <summary>What the last build wrote, one line a file, so that the next one need not read the old site to know what is new.</summary>
static class FileMarks
{
    public const string FileName = ".files";

    public static Dictionary<string, FileMark> Read(string folder)
    {
        var marks = new Dictionary<string, FileMark>(StringComparer.Ordinal);
        try
        {
            foreach (var line in File.ReadLines(Path.Combine(folder, FileName)))
            {
                var part = line.Split('\t', 6);
                marks[part[5]] = new(Hash(part[0]), long.Parse(part[1], CultureInfo.InvariantCulture), long.Parse(part[2], CultureInfo.InvariantCulture),
                    Hash(part[3]), DateOnly.ParseExact(part[4], "yyyy-MM-dd", CultureInfo.InvariantCulture));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or OverflowException or IndexOutOfRangeException)
        {
            // Not ours or damaged: then every file is new.
            marks.Clear();
        }
        return marks;
    }

    public static void Write(string file, IEnumerable<KeyValuePair<string, FileMark>> marks)
    {
        using var text = new StreamWriter(file) { NewLine = "\n" };
        foreach (var (name, mark) in marks.OrderBy(m => m.Key, StringComparer.Ordinal))
            text.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{mark.Hash:x32}\t{mark.Size}\t{mark.Written}\t{mark.Content:x32}\t{mark.Day:yyyy-MM-dd}\t{name}"));
    }

    static UInt128 Hash(string text) => UInt128.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
