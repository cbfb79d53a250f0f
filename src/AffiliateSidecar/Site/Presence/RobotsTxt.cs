using System.Text.RegularExpressions;

namespace AffiliateSidecar.Site.Presence;

/// <summary>Reads robots.txt as RFC 9309 says: the groups of the robot's own name, else those of *; the longest rule that fits decides, Allow before Disallow.</summary>
sealed class RobotsTxt
{
    readonly List<(bool Allow, string Pattern)> rules = [];

    RobotsTxt()
    {
    }

    /// <param name="text">The file.</param>
    /// <param name="robot">Product name, such as <c>Googlebot</c>.</param>
    public static RobotsTxt Of(string text, string robot)
    {
        var groups = Groups(text).ToList();
        var own = groups.Where(g => g.Robots.Contains(robot, StringComparer.OrdinalIgnoreCase)).ToList();
        var result = new RobotsTxt();
        result.rules.AddRange((own.Count > 0 ? own : groups.Where(g => g.Robots.Contains("*"))).SelectMany(g => g.Rules));
        return result;
    }

    /// <param name="pathAndQuery">Begins with /.</param>
    /// <returns>The rule that forbids it; null where it is allowed.</returns>
    public string? Forbids(string pathAndQuery)
    {
        var rule = rules.Where(r => r.Pattern.Length > 0 && Fits(r.Pattern, pathAndQuery)).OrderByDescending(r => r.Pattern.Length).ThenByDescending(r => r.Allow).FirstOrDefault();
        return rule is { Allow: false, Pattern: not null } ? $"Disallow: {rule.Pattern}" : null;
    }

    static bool Fits(string pattern, string path) => Regex.IsMatch(path,
        "^" + Regex.Escape(pattern.TrimEnd('$')).Replace("\\*", ".*", StringComparison.Ordinal) + (pattern.EndsWith('$') ? "$" : ""), RegexOptions.NonBacktracking);

    static IEnumerable<(List<string> Robots, List<(bool, string)> Rules)> Groups(string text)
    {
        List<string> robots = [];
        List<(bool, string)> rules = [];
        foreach (var line in text.TrimStart('\uFEFF').Split('\n', '\r').Select(l => l.Split('#')[0].Split(':', 2)).Where(l => l.Length == 2))
        {
            var (name, value) = (line[0].Trim().ToLowerInvariant(), line[1].Trim());
            if (name == "user-agent")
            {
                if (rules.Count > 0)
                {
                    yield return (robots, rules);
                    (robots, rules) = ([], []);
                }
                robots.Add(value.Split('/')[0]);
            }
            else if (name is "allow" or "disallow" && robots.Count > 0)
                rules.Add((name == "allow", value));
        }
        yield return (robots, rules);
    }
}
