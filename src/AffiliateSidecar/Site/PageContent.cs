using System.IO.Hashing;

namespace AffiliateSidecar.Site;

/// <summary>What a page says, apart from how it looks: title, description and main part.</summary>
static class PageContent
{
    /// <summary>Of the finished page: a new style, menu or colour changes none of it.</summary>
    public static UInt128 HashOf(ReadOnlySpan<byte> html)
    {
        var hash = new XxHash128();
        foreach (var (from, to) in new[] { ("<title", "</title>"), ("<meta name=\"description\"", ">"), ("<main", "</main>") })
        {
            var start = html.IndexOf(System.Text.Encoding.UTF8.GetBytes(from));
            if (start < 0)
                continue;
            var rest = html[start..];
            hash.Append(rest[..(rest.IndexOf(System.Text.Encoding.UTF8.GetBytes(to)) is >= 0 and var end ? end : rest.Length)]);
        }
        return hash.GetCurrentHashAsUInt128();
    }
}
