using System.Text.RegularExpressions;
using AffiliateSidecar.Cli;
using AffiliateSidecar.Support;
using Xunit;

namespace AffiliateSidecar;

/// <summary>What the compiler does not keep: which folder may know which, and that the README tells of every setting and command.</summary>
public sealed partial class HouseTests
{
    static readonly string[] Folders =
    [
        "Storage", "Http", "ReferenceData", "Templates", "Partners", "Tracking", "Ledger", "Commissions", "Orders", "Shops", "Payouts", "Fraud", "Insights", "Messages", "Site",
        "Console", "Plugins", "Cli",
    ];

    internal static string Root => Support.Repository.Root;

    internal static string Application => Path.Combine(Root, "src", "AffiliateSidecar");

    [Fact]
    public void A_folder_knows_those_to_its_left_and_no_other()
    {
        var wrong = from file in Sources()
                    let folder = Path.GetRelativePath(Application, file).Split(Path.DirectorySeparatorChar)[0]
                    where folder != "Program.cs"
                    from Match use in Use().Matches(File.ReadAllText(file))
                    where Array.IndexOf(Folders, use.Groups[1].Value) > Array.IndexOf(Folders, folder)
                    select $"{folder} uses {use.Groups[1].Value} in {Path.GetFileName(file)}";
        Assert.Empty(wrong);
    }

    [Fact]
    public void Every_file_lives_in_the_namespace_of_its_folder()
    {
        var wrong = from file in Sources()
                    let folder = Path.GetDirectoryName(Path.GetRelativePath(Application, file))!.Replace(Path.DirectorySeparatorChar, '.')
                    where folder.Length > 0
                    where !Array.Exists(Folders, f => folder == f || folder.StartsWith(f + ".", StringComparison.Ordinal))
                        || !Regex.IsMatch(File.ReadAllText(file), $@"^namespace AffiliateSidecar\.{Regex.Escape(folder)};", RegexOptions.Multiline)
                    select Path.GetRelativePath(Application, file);
        Assert.Empty(wrong);
    }

    [Fact]
    public void The_readme_has_every_setting_and_no_other() =>
        Assert.Equal(Setting.All.Order(StringComparer.Ordinal), ReadmeRows().Where(r => r.StartsWith("Sidecar:", StringComparison.Ordinal)).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_setting_that_is_read_is_known_and_every_known_one_is_read()
    {
        var files = Sources().Where(f => Path.GetFileName(f) != "Setting.cs").Select(File.ReadAllText).ToList();
        var read = files.Where(t => t.Contains("\"Sidecar:", StringComparison.Ordinal))
            .SelectMany(t => SectionMember().Matches(t).Select(m => m.Groups[1].Value)).ToHashSet();
        read.UnionWith(files.SelectMany(t => WholeSetting().Matches(t).SelectMany(m => m.Groups[1].Value.Split(':'))));
        var known = Setting.All.SelectMany(s => s.Split(':')).ToHashSet();
        Assert.Subset(known, read);
        Assert.Subset(read, Setting.All.Select(s => s.Split(':').Last(part => part is not ("n" or "name"))).ToHashSet());
    }

    [Fact]
    public async Task The_readme_has_every_command()
    {
        using var folder = new CommandFolder();
        var help = (await folder.RunAsync("--help")).Out.Split("Commands:")[1].Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(l => l.StartsWith("  ", StringComparison.Ordinal) && l[2] != ' ').Select(l => l.Trim().Split(' ')[0]);
        Assert.Equal(help.Order(StringComparer.Ordinal), ReadmeRows().Select(r => r.Split(' ')[0]).Intersect(help).Distinct().Order(StringComparer.Ordinal));
    }

    /// <summary>The first cell of each row of the README's tables, where it is code.</summary>
    static IEnumerable<string> ReadmeRows() => FirstCell().Matches(File.ReadAllText(Path.Combine(Root, "README.md"))).Select(m => m.Groups[1].Value);

    static IEnumerable<string> Sources() => Directory.EnumerateFiles(Application, "*.cs", SearchOption.AllDirectories)
        .Where(f => !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
            && !f.Contains($"{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

    [GeneratedRegex(@"^\| `([^`]+)`", RegexOptions.Multiline)]
    private static partial Regex FirstCell();

    [GeneratedRegex(@"section(?:\[|\.Get(?:Value|Section)(?:<[^>]+>)?\()""(\w+)""")]
    private static partial Regex SectionMember();

    [GeneratedRegex(@"""Sidecar:([\w:]*\w)")]
    private static partial Regex WholeSetting();

    [GeneratedRegex(@"\bAffiliateSidecar\.(\w+)")]
    private static partial Regex Use();
}
