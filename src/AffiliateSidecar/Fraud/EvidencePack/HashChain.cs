using System.Security.Cryptography;
using System.Text;

namespace AffiliateSidecar.Fraud.EvidencePack;

/// <summary>
/// Seals the rows of a CSV: each ends with the SHA-256 of the hash before it and its own text, the first with that of the header line in front of it. Whoever changes, moves or
/// takes away a row changes every hash after it, and the last one stands in the page that was printed.
/// </summary>
static class HashChain
{
    public const string EndKind = "end";

    const string Column = ",hash", NewLine = "\r\n";

    /// <param name="csv">A header and rows; no row has a line break in it, and the second column of the last is <see cref="EndKind"/>.</param>
    public static (byte[] Sealed, string End) Seal(byte[] csv)
    {
        var lines = Encoding.Latin1.GetString(csv).Split(NewLine, StringSplitOptions.RemoveEmptyEntries);
        var text = new StringBuilder(lines[0]).Append(Column).Append(NewLine);
        var hash = Next("", lines[0] + Column);
        foreach (var line in lines.Skip(1))
            text.Append(line).Append(',').Append(hash = Next(hash, line)).Append(NewLine);
        return (Encoding.Latin1.GetBytes(text.ToString()), hash);
    }

    /// <summary>What was found: null in <paramref name="Mistake"/> where every row is as it was written.</summary>
    /// <param name="Line">The first wrong line, from 1.</param>
    /// <param name="Rows">Without the header.</param>
    public sealed record Result(int Line, string? Mistake, int Rows, string End);

    public static Result Check(byte[] file)
    {
        // One character a byte, so that what is hashed is what lies on the disk, whatever it is.
        var lines = Encoding.Latin1.GetString(file).Split(NewLine);
        if (!lines[0].EndsWith(Column, StringComparison.Ordinal))
            return new(1, "the header is not that of an evidence file", 0, "");
        var (hash, isEnd) = (Next("", lines[0]), false);
        for (var i = 1; i < lines.Length - 1; i++)
        {
            var comma = lines[i].LastIndexOf(',');
            if (isEnd)
                return new(i + 1, "it comes after the end", i - 1, hash);
            if (comma < 0 || lines[i][(comma + 1)..] != Next(hash, lines[i][..comma]))
                return new(i + 1, i == 1 ? "it, or the header above it, is not as it was written" : "it is not as it was written, or a row before it is missing", i - 1, hash);
            hash = lines[i][(comma + 1)..];
            isEnd = lines[i].Split(',') is [_, EndKind, ..];
        }
        return !isEnd ? new(lines.Length, "the rows break off before the end", lines.Length - 2, hash)
            : lines[^1].Length > 0 ? new(lines.Length, "it comes after the end", lines.Length - 2, hash)
            : new(0, null, lines.Length - 2, hash);
    }

    static string Next(string hash, string row) => Convert.ToHexStringLower(SHA256.HashData(Encoding.Latin1.GetBytes(hash + row)));
}
