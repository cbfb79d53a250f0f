using System.Globalization;
using System.Net;
using System.Text;
using AffiliateSidecar.Templates;

namespace AffiliateSidecar.Fraud.EvidencePack;

/// <summary>Plots as SVG inside the page: no script, no font and no picture from anywhere. The partner is red and filled, the others grey.</summary>
sealed class Plots(Language language)
{
    const int Width = 640, Left = 46, Right = 12, Inner = Width - Left - Right;
    const string Own = "#b3261e", Others = "#8a938f", Ink = "#1b2420";

    /// <summary>A dot for each of the others and a diamond for the partner, from nought to the largest share.</summary>
    public string Among(double own, IReadOnlyList<double> others)
    {
        const int Height = 96, Base = 66;
        var most = Math.Max(own, others.DefaultIfEmpty().Max());
        most = most <= 0 ? 1 : most;
        var stacked = new Dictionary<int, int>();
        var svg = Start(Height);
        Line(svg, Left, Base + 6, Width - Right, Base + 6, Ink);
        foreach (var other in others)
        {
            var x = X(other / most);
            var slot = x / 7;
            var level = stacked[slot] = stacked.GetValueOrDefault(slot) + 1;
            svg.Append(CultureInfo.InvariantCulture, $"<circle cx=\"{x}\" cy=\"{Math.Max(6, Base - (level - 1) * 7)}\" r=\"3\" fill=\"{Others}\"/>");
        }
        var at = X(own / most);
        svg.Append(CultureInfo.InvariantCulture, $"<path d=\"M{at} {Base - 9}l8 9l-8 9l-8 -9z\" fill=\"{Own}\"/>");
        for (var step = 0; step <= 4; step++)
            Label(svg, X(step / 4.0), Base + 24, Percent(most * step / 4), "middle");
        return End(svg);
    }

    /// <summary>Shares of two counts side by side: the partner's as bars, the others' as a line of steps.</summary>
    public string Shares(IReadOnlyList<double> own, IReadOnlyList<double> others, IReadOnlyList<string> labels)
    {
        const int Height = 190, Base = 150, Top = 14;
        var (ownShares, otherShares) = (Normal(own), Normal(others));
        var most = Math.Max(ownShares.Max(), otherShares.Max());
        most = most <= 0 ? 1 : most;
        var svg = Start(Height);
        Axis(svg, Base, Top, Percent(most));
        var step = (double)Inner / own.Count;
        var path = new StringBuilder();
        for (var i = 0; i < own.Count; i++)
        {
            var height = ownShares[i] / most * (Base - Top);
            svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{Left + i * step + 2:0.#}\" y=\"{Base - height:0.#}\" width=\"{step - 4:0.#}\" height=\"{height:0.#}\" fill=\"{Own}\" fill-opacity=\".75\"/>");
            var y = Base - otherShares[i] / most * (Base - Top);
            path.Append(CultureInfo.InvariantCulture, $"{(i == 0 ? 'M' : 'L')}{Left + i * step:0.#} {y:0.#}L{Left + (i + 1) * step:0.#} {y:0.#}");
            if (own.Count <= 12 || i % 3 == 0)
                Label(svg, (int)(Left + (i + 0.5) * step), Base + 18, labels[i], "middle");
        }
        svg.Append(CultureInfo.InvariantCulture, $"<path d=\"{path}\" fill=\"none\" stroke=\"{Ink}\" stroke-width=\"2\"/>");
        return End(svg);
    }

    /// <summary>A bar a day.</summary>
    public string Days(IReadOnlyList<long> counts, string first, string last)
    {
        const int Height = 104, Base = 80, Top = 12;
        var most = Math.Max(1, counts.DefaultIfEmpty().Max());
        var svg = Start(Height);
        Axis(svg, Base, Top, language.Number(most));
        var step = (double)Inner / Math.Max(1, counts.Count);
        for (var i = 0; i < counts.Count; i++)
        {
            var height = (double)counts[i] / most * (Base - Top);
            svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{Left + i * step + .5:0.#}\" y=\"{Base - height:0.#}\" width=\"{Math.Max(1, step - 1):0.#}\" height=\"{height:0.#}\" fill=\"{Own}\" fill-opacity=\".75\"/>");
        }
        Label(svg, Left, Base + 17, first, "start");
        Label(svg, Width - Right, Base + 17, last, "end");
        return End(svg);
    }

    static double[] Normal(IReadOnlyList<double> counts)
    {
        var sum = counts.Sum();
        return [.. counts.Select(c => sum > 0 ? c / sum : 0)];
    }

    string Percent(double share) => language.Percent(Math.Round((decimal)share * 100, share < 0.1 ? 1 : 0));

    static int X(double share) => Left + 10 + (int)(share * (Inner - 20));

    void Axis(StringBuilder svg, int bottom, int top, string most)
    {
        Line(svg, Left, bottom, Width - Right, bottom, Ink);
        Line(svg, Left, top, Width - Right, top, "#d8dfdb");
        Label(svg, Left - 5, top + 4, most, "end");
        Label(svg, Left - 5, bottom + 4, language.Number(0), "end");
    }

    // Left to right also on pages that are not: time and numbers run that way in both languages' charts.
    static StringBuilder Start(int height) => new($"<svg viewBox=\"0 0 {Width} {height}\" width=\"100%\" direction=\"ltr\" role=\"img\" aria-hidden=\"true\" font-size=\"11\" fill=\"{Ink}\">");

    static string End(StringBuilder svg) => svg.Append("</svg>").ToString();

    static void Line(StringBuilder svg, int x, int y, int toX, int toY, string colour) =>
        svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{x}\" y1=\"{y}\" x2=\"{toX}\" y2=\"{toY}\" stroke=\"{colour}\"/>");

    static void Label(StringBuilder svg, int x, int y, string text, string anchor) =>
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\" style=\"unicode-bidi:plaintext\">{WebUtility.HtmlEncode(text)}</text>");
}
