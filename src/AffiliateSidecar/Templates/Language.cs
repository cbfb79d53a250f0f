using System.Globalization;
using System.Text;
using System.Text.Json;

namespace AffiliateSidecar.Templates;

/// <summary>
/// One language of the site: every text by its key (<c>home.title</c>), and how it writes numbers, money and dates.
/// All of it comes from <c>languages/{code}.json</c>, so a further language is a file and not code.
/// </summary>
sealed class Language(string code, IReadOnlyDictionary<string, string> texts)
{
    static readonly PersianCalendar Jalali = new();

    public string Code { get; } = code;
    public IReadOnlyDictionary<string, string> Texts { get; } = texts;
    public string Name => Texts["language.name"];
    public string Direction => Texts["language.dir"];
    public string Locale => Texts["language.locale"];

    /// <summary>How running text is written; null: as it comes.</summary>
    public Func<string, string>? Spelling => Code == "fa" ? PersianText.Normalise : null;

    /// <summary>English first where it is there, then by code. All have the same texts.</summary>
    public static IReadOnlyList<Language> All(TemplateFiles files) => files.Languages(names => Read(files, names));

    static Language[] Read(TemplateFiles files, IReadOnlyList<string> names)
    {
        Language[] all = [.. names.Select(f => Parse(Path.GetFileNameWithoutExtension(f), f, files.Read(f)))
            .OrderBy(l => l.Code != "en").ThenBy(l => l.Code, StringComparer.Ordinal)];
        if (all.Length == 0)
            throw new PageException("There is no language in templates/languages.");
        foreach (var language in all.Skip(1))
        {
            var missing = all[0].Texts.Keys.Except(language.Texts.Keys).Order(StringComparer.Ordinal).ToArray();
            if (missing.Length > 0)
                throw new PageException($"languages/{language.Code}.json has no text for {string.Join(", ", missing.Take(10))}{(missing.Length > 10 ? ", …" : "")}.");
        }
        return all;
    }

    /// <exception cref="PageException">The file is not an object of texts.</exception>
    public static Language Parse(string code, string name, string json)
    {
        try
        {
            var texts = new SortedDictionary<string, string>(StringComparer.Ordinal);
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            Flatten("", document.RootElement, texts);
            return new Language(code, texts);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new PageException($"{name}: {e.Message}");
        }
    }

    static void Flatten(string key, JsonElement value, SortedDictionary<string, string> texts)
    {
        if (value.ValueKind == JsonValueKind.Object)
            foreach (var member in value.EnumerateObject())
                Flatten(key.Length == 0 ? member.Name : $"{key}.{member.Name}", member.Value, texts);
        else if (value.ValueKind == JsonValueKind.Array)
            foreach (var (index, item) in value.EnumerateArray().Index())
                Flatten($"{key}.{index}", item, texts);
        else
            texts[key] = value.GetString() ?? "";
    }

    public string Number(decimal value, int decimals = 0)
    {
        var text = new StringBuilder();
        foreach (var c in value.ToString(decimals == 0 ? "#,0.####" : "#,0." + new string('0', decimals), CultureInfo.InvariantCulture))
            text.Append(c switch
            {
                ',' => Texts["number.group"],
                '.' => Texts["number.decimal"],
                >= '0' and <= '9' => Texts["number.digits"].Substring(c - '0', 1),
                _ => c.ToString(),
            });
        return text.ToString();
    }

    /// <summary>A name as this language writes its digits.</summary>
    public string Digits(string text) => string.Concat(text.Select(c => char.IsAsciiDigit(c) ? Texts["number.digits"].Substring(c - '0', 1) : c.ToString()));

    public string Percent(decimal value) => Fill("number.percent", Number(value));

    public string Days(int days) => Fill(days == 1 ? "units.day" : "units.days", Number(days));

    /// <summary>Whole amounts without decimals: €50, and €9.50. Negative ones as the language has it: −€20.</summary>
    public string Of(Money money)
    {
        if (money.Minor >= 0)
            return Of(money, "{n}");
        var negative = Texts["money.negative"];
        return negative.Contains("{n}", StringComparison.Ordinal) ? Of(-money, negative) : negative.Replace("{money}", Of(-money), StringComparison.Ordinal);
    }

    string Of(Money money, string number)
    {
        var decimals = money.Amount == decimal.Truncate(money.Amount) ? 0 : Currency.Exponent(money.Currency);
        return MoneyPattern(money.Currency).Replace("{n}", number.Replace("{n}", Number(money.Amount, decimals), StringComparison.Ordinal), StringComparison.Ordinal);
    }

    /// <summary>How an amount is written: <c>€{n}</c>.</summary>
    public string MoneyPattern(string currency) => Texts.GetValueOrDefault($"money.{currency}") ?? Texts["money.other"].Replace("{code}", currency, StringComparison.Ordinal);

    /// <summary>A UTC date as people of this language write it.</summary>
    public string Date(DateTimeOffset time)
    {
        var day = time.UtcDateTime;
        var (year, month, dayOfMonth) = Texts["date.calendar"] == "jalali"
            ? (Jalali.GetYear(day), Jalali.GetMonth(day), Jalali.GetDayOfMonth(day))
            : (day.Year, day.Month, day.Day);
        return Texts["date.format"].Replace("{day}", Number(dayOfMonth), StringComparison.Ordinal)
            .Replace("{month}", Texts[$"date.months.{month - 1}"], StringComparison.Ordinal)
            .Replace("{year}", Number(year).Replace(Texts["number.group"], "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    /// <summary>For <c>datetime</c>: Gregorian in every language.</summary>
    public static string IsoDay(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    string Fill(string key, string number) => Texts[key].Replace("{n}", number, StringComparison.Ordinal);
}
