using System.Globalization;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text.Json;
using AffiliateSidecar.Templates;

namespace AffiliateSidecar.Site;

/// <summary>
/// The pages of a data file. Read twice: first what addresses there are and whether they can stand beside each other, then, page by page, what
/// is on them. So a file of any size needs no more memory than its addresses do.
/// </summary>
sealed class DataPages
{
    const int MostMistakes = 20;

    static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Strict) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, DefaultBufferSize = 1 << 17, UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Skip };

    readonly string file;
    readonly Language[] languages;

    /// <summary>Per slug one bit a language.</summary>
    readonly Dictionary<string, uint> slugs = new(StringComparer.Ordinal);

    DataPages(string file, IEnumerable<Language> languages) => (this.file, this.languages) = (file, [.. languages]);

    public int Count { get; private set; }

    /// <summary>What the owner should know of how they were rendered.</summary>
    public string? Note { get; set; }

    /// <exception cref="PageException">One line a mistake, with the number of the page in the file.</exception>
    public static async Task<DataPages> OpenAsync(string file, SitePlan plan, CancellationToken cancel)
    {
        var pages = new DataPages(file, plan.Wordings.Select(w => w.Language));
        var mistakes = new List<string>();
        var taken = plan.Pages.Select(p => (p.Language.Code, p.Name)).ToHashSet();
        var texts = plan.Pages.Where(p => p.Indexable).SelectMany(p => new[] { Key(p.Language.Code, p.Title), Key(p.Language.Code, p.Description) }).ToHashSet();
        await foreach (var page in pages.ReadAsync<DataPageHead>(cancel))
        {
            pages.Count++;
            foreach (var mistake in pages.Mistakes(page, taken, texts))
                mistakes.Add($"{file}: page {pages.Count}{(page.Slug is { Length: > 0 } slug ? $" ({PlainText.Clean(slug)})" : "")}: {mistake}");
            if (mistakes.Count >= MostMistakes)
                break;
        }
        return mistakes.Count == 0 ? pages : throw new PageException(string.Join('\n', mistakes));
    }

    /// <summary>All pages with their bodies, in the file's order.</summary>
    public IAsyncEnumerable<DataPage> ReadAsync(CancellationToken cancel) => ReadAsync<DataPage>(cancel);

    /// <summary>Which languages have the page, one bit each in the order of the site.</summary>
    public uint LanguagesOf(string slug) => slugs.GetValueOrDefault(slug);

    public bool Has(Language language, string slug) => (LanguagesOf(slug) & (1u << Array.FindIndex(languages, l => l.Code == language.Code))) != 0;

    /// <summary>Addresses of all, below the base URL, in the order of the sitemap.</summary>
    public IEnumerable<(Language Language, string Slug)> Addresses => from slug in slugs.Keys.Order(StringComparer.Ordinal)
                                                                     from language in languages
                                                                     where Has(language, slug)
                                                                     select (language, slug);

    IEnumerable<string> Mistakes(DataPageHead page, HashSet<(string, string)> taken, HashSet<UInt128> texts)
    {
        var language = Array.FindIndex(languages, l => l.Code == page.Lang);
        if (language < 0)
            yield return $"lang is {(page.Lang is null ? "missing" : $"'{PlainText.Clean(page.Lang)}'")}, not one of {string.Join(", ", languages.Select(l => l.Code))}.";
        if (page.Slug is not { Length: > 0 and <= 100 } slug || !PageName.IsValid(slug))
            yield return "the slug is an address: 1 to 100 lower-case letters a to z, digits, and single - between them.";
        else if (language >= 0)
        {
            ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(slugs, slug, out _);
            var twice = (known & (1u << language)) != 0 || taken.Contains((page.Lang!, slug));
            known |= 1u << language;
            if (twice)
                yield return $"there is a page with this slug in {page.Lang} already.";
        }
        foreach (var mistake in PageRules.Lengths(PlainText.Clean(page.Title ?? ""), PlainText.Clean(page.Description ?? "")))
            yield return mistake;
        if (page.Title is not null && !texts.Add(Key(page.Lang, page.Title)))
            yield return "another page of this language has the same title.";
        if (page.Description is not null && !texts.Add(Key(page.Lang, page.Description)))
            yield return "another page of this language has the same description.";
        if (page.Updated is not null && !TryTime(page.Updated, out _))
            yield return "updated is no day or time such as 2026-11-26 or 2026-11-26T10:00:00Z.";
    }

    public static bool TryTime(string text, out DateTimeOffset time) =>
        DateTimeOffset.TryParseExact(text, ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time)
        && time.Year is > 1900 and < 3000;

    static UInt128 Key(string? language, string text) => XxHash128.HashToUInt128(MemoryMarshal.AsBytes($"{language}\t{PlainText.Clean(text)}".AsSpan()));

    async IAsyncEnumerable<T> ReadAsync<T>([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        await using var stream = Open();
        await using var pages = JsonSerializer.DeserializeAsyncEnumerable<T>(stream, Format, cancel).GetAsyncEnumerator(cancel);
        while (await NextAsync(pages) is { } page)
            yield return page;
    }

    FileStream Open()
    {
        try
        {
            return new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 17, FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            throw new PageException(e.Message);
        }
    }

    async Task<T?> NextAsync<T>(IAsyncEnumerator<T?> pages)
    {
        try
        {
            return !await pages.MoveNextAsync() ? default : pages.Current ?? throw new PageException($"{file}: page {Count + 1} is null.");
        }
        catch (JsonException e)
        {
            throw new PageException($"{file} is no array of pages {{slug, title, description, body_html, lang, updated}}: {e.Message}");
        }
    }

    /// <summary>What the first reading needs.</summary>
    sealed record DataPageHead
    {
        public string? Slug { get; init; }
        public string? Title { get; init; }
        public string? Description { get; init; }
        public string? Lang { get; init; }
        public string? Updated { get; init; }
    }
}
