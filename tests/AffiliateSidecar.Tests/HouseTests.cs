using System.Text.RegularExpressions;
using Xunit;

namespace AffiliateSidecar;

/// <summary>What the compiler does not keep: which folder may know which, and that the README tells of every setting and command.</summary>
public sealed partial class HouseTests
{
    static readonly string[] Folders =
    [
        "Storage", "Http", "Partners", "Tracking", "Ledger", "Commissions", "Orders", "Shops", "Payouts", "Fraud", "Insights", "Messages", "Site",
        "Console", "Plugins", "Cli",
    ];

    static string Root { get; } = FindRoot(AppContext.BaseDirectory);

    static string Application => Path.Combine(Root, "src", "AffiliateSidecar");

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

    static IEnumerable<string> Sources() => Directory.EnumerateFiles(Application, "*.cs", SearchOption.AllDirectories)
        .Where(f => !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
            && !f.Contains($"{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

    static string FindRoot(string folder) =>
        File.Exists(Path.Combine(folder, "AffiliateSidecar.sln")) ? folder : FindRoot(Path.GetDirectoryName(folder)!);

    [GeneratedRegex(@"\bAffiliateSidecar\.(\w+)")]
    private static partial Regex Use();
}
