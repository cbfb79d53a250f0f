using System.Collections.Concurrent;
using System.IO.Hashing;
using System.Text;
using SkiaSharp;
using SkiaSharp.HarfBuzz;

namespace AffiliateSidecar.Site;

/// <summary>The picture that social networks show beside a link: 1200 × 630, the shop, a title, what a partner earns. Persian is shaped and set from right to left.</summary>
/// <param name="Shop">Name of the shop.</param>
/// <param name="Title">Of the page.</param>
/// <param name="Below">One line below it.</param>
/// <param name="IsRightToLeft">Of the page.</param>
sealed record SocialPicture(string Shop, string Title, string Below, bool IsRightToLeft, string Ground, string Ink, string Accent)
{
    public const int Width = 1200, Height = 630;
    const int Margin = 90, MostLines = 4;

    /// <summary>Making one takes as long as rendering ten pages, and all builds make the same.</summary>
    static readonly ConcurrentDictionary<UInt128, byte[]> Made = new();

    static readonly Lazy<SKTypeface> Bold = new(() =>
    {
        using var font = typeof(SocialPicture).Assembly.GetManifestResourceStream("Vazirmatn-Bold.ttf")!;
        return SKTypeface.FromStream(font) ?? throw new InvalidOperationException("The font of the pictures cannot be read.");
    });

    public UInt128 Key() => XxHash128.HashToUInt128(Encoding.UTF8.GetBytes(ToString()));

    public byte[] ToPng() => Made.GetOrAdd(Key(), _ => Draw());

    byte[] Draw()
    {
        using var surface = SKSurface.Create(new SKImageInfo(Width, Height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        var canvas = surface.Canvas;
        canvas.Clear(SKColor.Parse(Ground));
        using var shaper = new SKShaper(Bold.Value);
        using var accent = new SKPaint { Color = SKColor.Parse(Accent), IsAntialias = true };
        canvas.DrawRect(IsRightToLeft ? Width - 24 : 0, 0, 24, Height, accent);
        Rings(canvas, accent);
        Text(canvas, shaper, Shop, 40, 140, Ink, 1, Width - 2 * Margin - 130, 130);
        var bottom = Text(canvas, shaper, Title, 76, 290, Ink, MostLines, Width - 2 * Margin, 0);
        Text(canvas, shaper, Below, 40, Math.Max(bottom + 60, 560), Accent, 1, Width - 2 * Margin, 0);
        using var image = surface.Snapshot();
        using var data = image.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }

    /// <summary>The mark of the program: two linked rings.</summary>
    void Rings(SKCanvas canvas, SKPaint accent)
    {
        using var ring = accent.Clone();
        (ring.Style, ring.StrokeWidth) = (SKPaintStyle.Stroke, 9);
        var left = IsRightToLeft ? Width - Margin - 96 : Margin;
        canvas.DrawCircle(left + 30, 126, 26, ring);
        canvas.DrawCircle(left + 66, 126, 26, ring);
    }

    /// <summary>The base line of the last line. What does not fit is set smaller.</summary>
    float Text(SKCanvas canvas, SKShaper shaper, string text, float size, float y, string colour, int mostLines, float width, float indent)
    {
        using var paint = new SKPaint { Color = SKColor.Parse(colour), IsAntialias = true };
        for (; ; size *= 0.85f)
        {
            using var font = new SKFont(Bold.Value, size);
            var lines = Lines(shaper, font, text, width);
            if (lines.Count > mostLines && size > 20)
                continue;
            foreach (var line in lines.Take(mostLines))
            {
                DrawLine(canvas, shaper, font, paint, line, y, indent);
                y += size * 1.35f;
            }
            return y - size * 1.35f;
        }
    }

    static List<List<string>> Lines(SKShaper shaper, SKFont font, string text, float width)
    {
        var lines = new List<List<string>> { new() };
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (lines[^1].Count > 0 && shaper.Shape(string.Join(' ', lines[^1].Append(word)), font).Width > width)
                lines.Add([]);
            lines[^1].Add(word);
        }
        return lines;
    }

    /// <summary>Runs of one direction, in the order of the page's direction.</summary>
    void DrawLine(SKCanvas canvas, SKShaper shaper, SKFont font, SKPaint paint, List<string> words, float y, float indent)
    {
        var space = font.MeasureText(" ");
        var x = IsRightToLeft ? Width - Margin - indent : Margin + indent;
        foreach (var text in words.GroupAdjacent(IsArabic).SelectMany(run => Pieces(run.Key, string.Join(' ', run.Items))))
        {
            var width = shaper.Shape(text, font).Width;
            x -= IsRightToLeft ? width : 0;
            canvas.DrawShapedText(shaper, text, x, y, SKTextAlign.Left, font, paint);
            x += IsRightToLeft ? -space : width + space;
        }
    }

    /// <summary>The shaper takes Persian digits for letters that run to the left, and knows no sentence of the other direction that a mark belongs to.</summary>
    IEnumerable<string> Pieces(bool isArabic, string text)
    {
        if (!isArabic && text.Any(c => c is >= '\u06f0' and <= '\u06f9' or >= '\u0660' and <= '\u066c'))
            text = new([.. text.Reverse()]);
        return IsRightToLeft && !isArabic && text.Length > 1 && text[^1] is (':' or '.' or '،' or '؛' or '!') ? [text[..^1], text[^1..]] : [text];
    }

    static bool IsArabic(string word) => word.Any(c => c is >= '\u0620' and <= '\u06ef' or >= '\u06fa' and <= '\u06ff');
}
