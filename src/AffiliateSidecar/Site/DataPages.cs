using System.Globalization;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AffiliateSidecar.Templates;

namespace AffiliateSidecar.Site;

/// <summary>
/// The pages of a data file. Read twice: first what addresses there are and whether they can stand beside each other, then, page by page, what
/// is on them. So a file of any size needs no more memory than its addresses do.
/// </summary>
sealed class DataPages
{
    const int MostMistakes = 20;

    readonly string file;
    readonly Language[] languages;

    /// <summary>Per slug one bit a language.</summary>
    readonly Dictionary<string, uint> slugs = new(StringComparer.Ordinal);

    /// <summary>Titles and descriptions, each a hash.</summary>
    readonly HashSet<UInt128> texts = [];
    readonly List<string> mistakes = [];

    DataPages(string file, IEnumerable<Language> languages) => (this.file, this.languages) = (file, [.. languages]);

    public int Count { get; private set; }

    /// <summary>What the owner should know of how they were rendered.</summary>
    public string? Note { get; set; }

    /// <summary>The first reading. What else is on the site need not be known yet: see <see cref="BesideAsync"/>.</summary>
    public static Task<DataPages> OpenAsync(string file, IEnumerable<Language> languages, CancellationToken cancel) => OpenAsync(file, languages, [], cancel);

    /// <summary>These pages, where they can stand beside the site's others.</summary>
    /// <exception cref="PageException">One line a mistake, with the number of the page in the file.</exception>
    public async Task<DataPages> BesideAsync(IReadOnlyList<Page> others, CancellationToken cancel)
    {
        // A mistake is told of with all that is wrong, so the file is read once more with the others in mind.
        var told = mistakes.Count > 0 || others.Any(p => Has(p.Language, p.Name)) || TextsOf(others).Any(texts.Contains) ? await OpenAsync(file, languages, others, cancel) : this;
        // Nobody asks for them again.
        texts.Clear();
        texts.TrimExcess();
        return told.mistakes.Count == 0 ? this : throw new PageException(string.Join('\n', told.mistakes));
    }

    static async Task<DataPages> OpenAsync(string file, IEnumerable<Language> languages, IReadOnlyList<Page> others, CancellationToken cancel)
    {
        var pages = new DataPages(file, languages);
        var taken = others.Select(p => (p.Language.Code, p.Name)).ToHashSet();
        pages.texts.UnionWith(TextsOf(others));
        await foreach (var page in pages.ReadAsync(DataPageJson.Default.DataPageHead, cancel))
        {
            pages.Count++;
            foreach (var mistake in pages.Mistakes(page, taken))
                pages.mistakes.Add($"{file}: page {pages.Count}{(page.Slug is { Length: > 0 } slug ? $" ({PlainText.Clean(slug)})" : "")}: {mistake}");
            if (pages.mistakes.Count >= MostMistakes)
                break;
        }
        return pages;
    }

    static IEnumerable<UInt128> TextsOf(IEnumerable<Page> pages) =>
        pages.Where(p => p.Indexable).SelectMany(p => new[] { Key(p.Language.Code, p.Title), Key(p.Language.Code, p.Description) });

    /// <summary>All pages with their bodies, in the file's order.</summary>
    public IAsyncEnumerable<DataPage> ReadAsync(CancellationToken cancel) => ReadAsync(DataPageJson.Default.DataPage, cancel);

    /// <summary>Which languages have the page, one bit each in the order of the site.</summary>
    public uint LanguagesOf(string slug) => slugs.GetValueOrDefault(slug);

    public bool Has(Language language, string slug) => (LanguagesOf(slug) & (1u << Array.FindIndex(languages, l => l.Code == language.Code))) != 0;

    /// <summary>Addresses of all, below the base URL, in the order of the sitemap.</summary>
    public IEnumerable<(Language Language, string Slug)> Addresses => from slug in slugs.Keys.Order(StringComparer.Ordinal)
                                                                     from language in languages
                                                                     where Has(language, slug)
                                                                     select (language, slug);

    IEnumerable<string> Mistakes(DataPageHead page, HashSet<(string, string)> taken)
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

    async IAsyncEnumerable<T> ReadAsync<T>(JsonTypeInfo<T> type, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        await using var stream = Open();
        await using var pages = JsonSerializer.DeserializeAsyncEnumerable(stream, type, cancel).GetAsyncEnumerator(cancel);
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
}
