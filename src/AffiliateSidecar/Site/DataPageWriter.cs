using System.Buffers;
using System.Collections.Concurrent;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;
using AffiliateSidecar.Templates;
using Scriban.Runtime;

namespace AffiliateSidecar.Site;

/// <summary>Renders the pages of a data file: one skeleton for each kind of page, where the templates have one, and the whole templates for each page where not.</summary>
sealed class DataPageWriter(SitePlan plan, DataPages pages, OutputFolder output, DateOnly today)
{
    const int Batch = 64;
    const int Title = 0, Description = 1, Url = 2, JsonLdText = 3, Body = 4, Updated = 5, UpdatedText = 6, Name = 7, JsonLdHash = 8, FirstUrl = 9;

    readonly ConcurrentDictionary<(string Language, uint Languages, bool Updated), Lazy<PageSkeleton?>> skeletons = new();
    // The Persian calendar asks the sun.
    readonly ConcurrentDictionary<(Language Language, DateOnly Day), string> days = new();
    readonly Wording[] wordings = [.. plan.Wordings];
    long bytes;
    int done;

    int FirstHref => FirstUrl + wordings.Length;

    /// <summary>Size of all pages.</summary>
    public async Task<long> WriteAsync(Action<int>? progress, CancellationToken cancel)
    {
        await Parallel.ForEachAsync(Batches(cancel), new ParallelOptions { CancellationToken = cancel, MaxDegreeOfParallelism = Environment.ProcessorCount }, (batch, token) =>
        {
            var (buffer, texts) = (new ArrayBufferWriter<byte>(1 << 15), new string?[FirstHref + wordings.Length]);
            foreach (var page in batch)
            {
                token.ThrowIfCancellationRequested();
                Write(page, buffer, texts);
            }
            progress?.Invoke(Interlocked.Add(ref done, batch.Length));
            return ValueTask.CompletedTask;
        });
        if (skeletons.Values.Any(s => s.Value is null))
            pages.Note = $"The templates of data pages decide something by a page's own texts, so each of the {pages.Count} pages was rendered from the beginning. Without that a large site is built many times as fast.";
        return bytes;
    }

    async IAsyncEnumerable<DataPage[]> Batches([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var batch in pages.ReadAsync(cancel).Chunk(Batch).WithCancellation(cancel))
            yield return batch;
    }

    void Write(DataPage data, ArrayBufferWriter<byte> buffer, string?[] texts)
    {
        var (page, siblings) = (PageOf(data), pages.LanguagesOf(data.Slug!));
        var skeleton = skeletons.GetOrAdd((page.Language.Code, siblings, page.Updated is not null), _ => new(() => Skeleton(page, siblings))).Value;
        buffer.ResetWrittenCount();
        if (skeleton is null)
            Encoding.UTF8.GetBytes(PageText.Render(plan, page, page.Up), buffer);
        else
        {
            Fill(texts, page);
            skeleton.Write(buffer, texts);
        }
        var content = ContentHash(data);
        Interlocked.Add(ref bytes, buffer.WrittenCount);
        output.Write(page.File, buffer.WrittenSpan, content, output.DayOf(page.File, content, Day(page)));
    }

    /// <summary>The author's day, if it is not still to come.</summary>
    DateOnly Day(Page page) => page.Updated is { } time && DateOnly.FromDateTime(time.UtcDateTime) is var day && day <= today ? day : today;

    Page PageOf(DataPage data)
    {
        var words = Array.Find(wordings, w => w.Language.Code == data.Lang)!;
        return SitePlan.DataPage(words.Language, data.Slug!) with
        {
            Title = Spelt(data.Title!, words), Description = Spelt(data.Description!, words), Body = HtmlMinifier.Minify(PlainText.Markup(data.BodyHtml ?? ""), words.Language.Spelling),
            Updated = data.Updated is not null && DataPages.TryTime(data.Updated, out var time) ? time : null,
        };
    }

    static string Spelt(string text, Wording words) => words.Language.Spelling?.Invoke(PlainText.Clean(text)) ?? PlainText.Clean(text);

    /// <summary>Of what the author has written.</summary>
    static UInt128 ContentHash(DataPage data)
    {
        var hash = new XxHash128();
        foreach (var text in new[] { data.Title, data.Description, data.Updated, data.BodyHtml })
        {
            hash.Append(MemoryMarshal.AsBytes(text.AsSpan()));
            hash.Append([0, 0]);
        }
        return hash.GetCurrentHashAsUInt128();
    }

    void Fill(string?[] texts, Page page)
    {
        (texts[Title], texts[Description], texts[Url], texts[JsonLdText], texts[Body], texts[Name]) = (page.Title, page.Description, plan.Url(page), JsonLd.Of(plan, page), page.Body, page.Name);
        texts[JsonLdHash] = texts[JsonLdText] is { } data ? PageStyle.HashOf(data) : null;
        (texts[Updated], texts[UpdatedText]) = page.Updated is { } time ? (Language.IsoDay(time), days.GetOrAdd((page.Language, DateOnly.FromDateTime(time.UtcDateTime)), _ => page.Language.Date(time))) : (null, null);
        for (var i = 0; i < wordings.Length; i++)
        {
            var address = $"{wordings[i].Language.Code}/{page.Name}/";
            (texts[FirstUrl + i], texts[FirstHref + i]) = (plan.BaseUrl.AbsoluteUri + address, page.Up + address);
        }
    }

    /// <summary>Proven by the first page of its kind, which must come out as from the templates themselves.</summary>
    PageSkeleton? Skeleton(Page page, uint siblings)
    {
        try
        {
            if (PageSkeleton.Parse(PageText.Render(plan, page, Marked(page, siblings))) is not { } skeleton)
                return null;
            var (texts, buffer) = (new string?[FirstHref + wordings.Length], new ArrayBufferWriter<byte>());
            Fill(texts, page);
            skeleton.Write(buffer, texts);
            return buffer.WrittenSpan.SequenceEqual(Encoding.UTF8.GetBytes(PageText.Render(plan, page, page.Up))) ? skeleton : null;
        }
        catch (PageException)
        {
            // If it is a mistake of the templates, the page's own rendering says so.
            return null;
        }
    }

    ScriptObject Marked(Page page, uint siblings)
    {
        var values = new PageValues(plan, plan.Words(page.Language)).For(page, page.Up);
        var about = (ScriptObject)values["page"]!;
        foreach (var (name, slot) in new[] { ("title", Title), ("description", Description), ("url", Url), ("json_ld", JsonLdText), ("json_ld_hash", JsonLdHash), ("body", Body), ("name", Name) })
            about[name] = PageSkeleton.Mark(slot);
        if (page.Updated is not null)
            (about["updated"], about["updated_text"]) = (PageSkeleton.Mark(Updated), PageSkeleton.Mark(UpdatedText));
        foreach (ScriptObject alternate in ((ScriptArray)about["alternates"]!).OfType<ScriptObject>())
        {
            var code = (string)alternate["language"]!;
            alternate["url"] = PageSkeleton.Mark(FirstUrl + (code == "x-default" ? System.Numerics.BitOperations.TrailingZeroCount(siblings) : IndexOf(code)));
        }
        foreach (ScriptObject other in ((ScriptArray)values["languages"]!).OfType<ScriptObject>())
            if (IndexOf((string)other["code"]!) is var index && (siblings & (1u << index)) != 0)
                other["href"] = PageSkeleton.Mark(FirstHref + index);
        return values;
    }

    int IndexOf(string code) => Array.FindIndex(wordings, w => w.Language.Code == code);
}
