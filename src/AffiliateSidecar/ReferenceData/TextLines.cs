namespace AffiliateSidecar.ReferenceData;

static class TextLines
{
    /// <summary>The lines that are neither empty nor comments: <c># </c> begins one, <c>#</c> alone may begin a pattern.</summary>
    public static IEnumerable<string> Of(Stream stream)
    {
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
            if (!string.IsNullOrWhiteSpace(line) && line != "#" && !line.StartsWith("# ", StringComparison.Ordinal))
                yield return line;
    }
}
