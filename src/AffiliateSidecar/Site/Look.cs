using System.Globalization;
using AffiliateSidecar.Templates;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace AffiliateSidecar.Site;

/// <summary>How the site looks, <c>look.yaml</c>: the owner's file says what is otherwise than in the shipped one.</summary>
sealed record Look
{
    public const string FileName = "look.yaml";
    const double LeastContrast = 4.5;

    /// <summary>Text on ground, both by name of the colour.</summary>
    static readonly (string Text, string Ground)[] Pairs =
    [
        ("ink", "paper"), ("ink", "card"), ("ink", "tint"), ("soft", "paper"), ("soft", "card"), ("soft", "tint"), ("brand", "paper"), ("brand", "card"), ("brand", "tint"), ("on-brand", "brand"),
        ("on-deep", "deep"), ("gold", "deep"), ("on-gold", "gold"), ("bad", "card"), ("bad", "bad-tint"),
    ];

    /// <summary>Of the shop; empty: as configured.</summary>
    public string Name { get; init; } = "";

    /// <summary>A picture in <c>assets/</c>; empty: two linked rings in the brand's colour.</summary>
    public string Logo { get; init; } = "";

    /// <summary><c>system</c>, or <c>vazirmatn</c> for Persian.</summary>
    public string Font { get; init; } = "system";

    /// <summary>Colours by name, <c>#rrggbb</c>.</summary>
    public Dictionary<string, string> Light { get; init; } = [];
    public Dictionary<string, string> Dark { get; init; } = [];

    /// <exception cref="PageException">A colour is none, or a text could not be read on its ground.</exception>
    public static Look Read(TemplateFiles files)
    {
        var all = files.All(FileName).Select(f => (File: f, Look: Parse(f))).ToList();
        if (all.Count == 0)
            throw new PageException($"There is no {FileName}.");
        var (shipped, look) = (all[^1].Look, all[0].Look);
        foreach (var (file, one) in all)
            if (one.Light.Keys.Except(shipped.Light.Keys).Concat(one.Dark.Keys.Except(shipped.Dark.Keys)).FirstOrDefault() is { } unknown)
                throw new PageException($"{file}: there is no colour '{unknown}', but {string.Join(", ", shipped.Light.Keys)}.");
        look = look with { Light = Merge(all.Select(a => a.Look.Light)), Dark = Merge(all.Select(a => a.Look.Dark)) };
        look.Check(all[0].File);
        return look;
    }

    /// <summary>Custom properties for the style sheet; in the dark, those that are other then.</summary>
    public string Css => $":root{{{Properties(Light)}}}@media (prefers-color-scheme:dark){{:root{{{Properties(Dark.Where(c => c.Value != Light[c.Key]))}}}}}";

    /// <summary>Persian letters alone come from the font, and the one it takes the place of is made as wide: nothing moves when it arrives.</summary>
    public string FontFace(Uri baseUrl) => Font == "system" ? "" : $$"""
        @font-face{font-family:Vazirmatn;src:url({{baseUrl.AbsolutePath}}{{StaticParts.Font}}) format("woff2");font-display:swap;font-weight:400 800;unicode-range:U+60C,U+61B,U+61F-64A,U+64B-655,U+66A-66C,U+67E-6CC,U+6F0-6F9,U+200C}
        @font-face{font-family:VazirmatnWait;src:local(Tahoma),local("Noto Naskh Arabic"),local("Geeza Pro");ascent-override:102.5%;descent-override:53.7%;line-gap-override:0%;size-adjust:100%}
        :lang(fa){font-family:Vazirmatn,VazirmatnWait,system-ui,sans-serif}
        """;

    static string Properties(IEnumerable<KeyValuePair<string, string>> colours) => string.Concat(colours.Select(c => $"--{c.Key}:{c.Value};"));

    static Look Parse(string file)
    {
        try
        {
            return new DeserializerBuilder().WithNamingConvention(UnderscoredNamingConvention.Instance).WithDuplicateKeyChecking().Build().Deserialize<Look?>(File.ReadAllText(file)) ?? new();
        }
        catch (YamlException e)
        {
            throw new PageException($"{file}({e.Start.Line}): {e.InnerException?.Message ?? e.Message}");
        }
    }

    static Dictionary<string, string> Merge(IEnumerable<Dictionary<string, string>> layers) =>
        layers.SelectMany(l => l).GroupBy(c => c.Key).OrderBy(g => g.Key, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First().Value);

    void Check(string file)
    {
        if (Font is not ("system" or "vazirmatn"))
            throw new PageException($"{file}: font is '{Font}', not system or vazirmatn.");
        foreach (var (scheme, colours) in new[] { ("light", Light), ("dark", Dark) })
        {
            foreach (var (name, value) in colours)
                if (!IsColour(value))
                    throw new PageException($"{file}: {scheme}: {name} is '{value}', no colour such as #0b5d48.");
            foreach (var (text, ground) in Pairs)
                if (Contrast(colours[text], colours[ground]) is < LeastContrast and var contrast)
                    throw new PageException(string.Create(CultureInfo.InvariantCulture,
                        $"{file}: {scheme}: {text} {colours[text]} on {ground} {colours[ground]} has a contrast of {contrast:0.0}:1 and cannot be read by everybody. It must be {LeastContrast}:1 or more."));
        }
    }

    static bool IsColour(string value) => value is ['#', _, _, _, _, _, _] && value[1..].All(char.IsAsciiHexDigit);

    /// <summary>As WCAG 2 computes it.</summary>
    public static double Contrast(string one, string other)
    {
        var (a, b) = (Luminance(one), Luminance(other));
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    static double Luminance(string colour)
    {
        double Part(int at) => int.Parse(colour.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0 is <= 0.04045 and var low
            ? low / 12.92
            : Math.Pow((int.Parse(colour.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0 + 0.055) / 1.055, 2.4);
        return 0.2126 * Part(1) + 0.7152 * Part(3) + 0.0722 * Part(5);
    }
}
