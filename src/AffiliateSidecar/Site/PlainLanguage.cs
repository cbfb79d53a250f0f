using System.Globalization;
using System.Text.RegularExpressions;
using AffiliateSidecar.Templates;

namespace AffiliateSidecar.Site;

/// <summary>
/// Terms that nobody understands are none. Judges the lines of the terms: sentences, words, numbers that the rules do not know, clauses that are
/// missing. What is wrong stops the build.
/// </summary>
static partial class PlainLanguage
{
    const int LongestSentence = 28;
    const double MeanSentence = 15, LeastFlesch = 65, MeanPersianWord = 4.8;

    /// <summary>Words of lawyers and of the trade that the terms do not explain.</summary>
    static readonly HashSet<string> English = new(StringComparer.OrdinalIgnoreCase)
    {
        "hereby", "herein", "hereinafter", "hereto", "thereof", "whereas", "aforementioned", "notwithstanding", "pursuant", "indemnify", "indemnification", "forthwith", "shall", "utilize", "remuneration",
        "attribution", "cookie", "cookies", "postback", "conversion", "conversions", "payable", "reconciliation", "chargeback", "adjudication", "severability", "liability",
    };

    static readonly HashSet<string> Persian = new(StringComparer.Ordinal)
    {
        "لذا", "فلذا", "کلیه", "مذکور", "فوق‌الذکر", "ذیل", "مع‌ذلک", "علی‌رغم", "اینجانب", "می‌باشد", "نمی‌باشد", "می‌گردد", "گردید", "نمود", "نماید", "نمایید", "کماکان", "عنداللزوم", "مقتضی", "متعاقباً", "انتساب", "کوکی", "اسقاط", "استنکاف",
    };

    /// <exception cref="PageException">One line a fault: where, which sentence, why.</exception>
    public static void Check(SitePlan plan, TemplateFiles files)
    {
        var faults = plan.Wordings.SelectMany(words => Faults(plan, words, files)).ToList();
        if (faults.Count > 0)
            throw new PageException(string.Join('\n', faults));
    }

    static IEnumerable<string> Faults(SitePlan plan, Wording words, TemplateFiles files)
    {
        var lines = TermsText.Of(plan, words);
        if (lines.Count == 0)
            yield break;
        var place = new Places(words, files);
        foreach (var clause in TermsText.Clauses.Where(c => TermsText.Heading(c, words) is not null && lines.All(l => l.Clause != c)))
            yield return $"pages/terms.html: the clause '{clause}' is missing in {words.Language.Name}.";
        var sentences = lines.Where(l => l.Kind is "p" or "li").SelectMany(l => Sentence().Matches(l.Text).Select(m => m.Value.Trim())).Where(s => s.Length > 0).ToList();
        foreach (var fault in sentences.SelectMany(s => OfSentence(s, words.Language.Code).Select(f => $"{place.Of(s)}: {f}: '{s}'")))
            yield return fault;
        foreach (var text in lines.SelectMany(l => StrangeNumbers(l.Text, words, plan)).Distinct())
            yield return $"{place.Of(text)}: the number {text} is in none of the rules: use the placeholder of the fact that it stands for.";
        if (Mean(sentences, words.Language.Code) is { } fault2)
            yield return $"pages/terms.html: {words.Language.Name}: {fault2}.";
    }

    static IEnumerable<string> OfSentence(string sentence, string language)
    {
        var words = WordsOf(sentence);
        if (words.Count > LongestSentence)
            yield return $"a sentence of {words.Count} words, more than {LongestSentence}";
        if (words.FirstOrDefault(w => (language == "fa" ? Persian : language == "en" ? English : []).Contains(w)) is { } word)
            yield return $"'{word}' is a word that nobody explains";
    }

    static string? Mean(List<string> sentences, string language)
    {
        var words = sentences.SelectMany(WordsOf).ToList();
        if (words.Count == 0 || language is not ("en" or "fa"))
            return null;
        var (length, letters) = ((double)words.Count / sentences.Count, words.Average(w => (double)w.Count(char.IsLetter)));
        if (length > MeanSentence)
            return string.Create(CultureInfo.InvariantCulture, $"sentences have {length:0.0} words on average, more than {MeanSentence}");
        if (language == "fa")
            return letters > MeanPersianWord ? string.Create(CultureInfo.InvariantCulture, $"words have {letters:0.00} letters on average, more than {MeanPersianWord}") : null;
        var flesch = 206.835 - 1.015 * length - 84.6 * words.Average(Syllables);
        return flesch < LeastFlesch ? string.Create(CultureInfo.InvariantCulture, $"the Flesch reading ease is {flesch:0}, less than {LeastFlesch}") : null;
    }

    /// <summary>Groups of vowels, without a silent e at the end.</summary>
    static double Syllables(string word) => Math.Max(1, Vowels().Count(word) - (SilentE().IsMatch(word) ? 1 : 0));

    /// <summary>Every number on the page must come from the rules, or the page and the engine say different things.</summary>
    static IEnumerable<string> StrangeNumbers(string line, Wording words, SitePlan plan)
    {
        var known = plan.KnownNumbers(words);
        return Number().Matches(line).Select(m => m.Value).Where(n => !known.Contains(n));
    }

    static List<string> WordsOf(string text) => [.. Word().Matches(text).Select(w => w.Value)];

    /// <summary>Where a sentence was written: by a few of its words that are no facts.</summary>
    sealed class Places(Wording words, TemplateFiles files)
    {
        readonly string name = $"languages/{words.Language.Code}.json";
        readonly string[] lines = File.ReadAllLines(files.Find($"languages/{words.Language.Code}.json"));

        public string Of(string text)
        {
            var key = words.Language.Texts.Where(t => t.Key.StartsWith("terms.", StringComparison.Ordinal) && words.CanFill(t.Value) && words.Fill(t.Key, t.Value).Contains(text, StringComparison.Ordinal)).Select(t => t.Key).FirstOrDefault();
            if (key is null)
                return "pages/terms.html";
            var line = Array.FindIndex(lines, l => l.Contains($"\"{key.Split('.')[^1]}\":", StringComparison.Ordinal) && l.Contains(words.Language.Texts[key][..Math.Min(20, words.Language.Texts[key].Length)], StringComparison.Ordinal));
            return line < 0 ? $"{name}: {key}" : $"{name}({line + 1}): {key}";
        }
    }

    [GeneratedRegex(@"[^.!?؟]+(?:[.](?=\d)[^.!?؟]+)*[.!?؟]?")]
    private static partial Regex Sentence();

    [GeneratedRegex(@"[\p{L}\p{M}\p{Nd}\u200c'’%٪٫٬,.-]*[\p{L}\p{Nd}][\p{L}\p{M}\p{Nd}\u200c'’%٪-]*")]
    private static partial Regex Word();

    [GeneratedRegex("[aeiouy]+", RegexOptions.IgnoreCase)]
    private static partial Regex Vowels();

    [GeneratedRegex("[^aeiouyl]e$|[^aeiouy]ed$", RegexOptions.IgnoreCase)]
    private static partial Regex SilentE();

    [GeneratedRegex(@"\p{Nd}+(?:[.,٫٬]\p{Nd}+)*")]
    private static partial Regex Number();
}
