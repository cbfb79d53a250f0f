using System.Globalization;
using AffiliateSidecar.Support;
using AffiliateSidecar.Tracking;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace AffiliateSidecar.ReferenceData;

/// <summary>The owner's files win over the shipped ones, and what is not there or damaged stops nothing.</summary>
public sealed class FolderTests : IDisposable
{
    readonly string root = Directory.CreateTempSubdirectory("sidecar-reference-").FullName;
    readonly Lines log = new();

    string Own => Path.Combine(root, "own");

    string Shipped => Path.Combine(root, "shipped");

    public FolderTests()
    {
        Directory.CreateDirectory(Own);
        Directory.CreateDirectory(Shipped);
        foreach (var file in Directory.EnumerateFiles(Reference.ShippedFolder))
            File.Copy(file, Path.Combine(Shipped, Path.GetFileName(file)));
    }

    public void Dispose() => Directory.Delete(root, recursive: true);

    ReferenceFiles Files() => Reference.Of(Own, Shipped, log);

    // A file system may count in seconds.
    void Write(string name, string text, int age = 0)
    {
        File.WriteAllText(Path.Combine(Own, name), text);
        File.SetLastWriteTimeUtc(Path.Combine(Own, name), DateTime.UtcNow.AddMinutes(-age));
    }

    [Fact]
    public void A_file_of_the_owner_takes_the_place_of_the_shipped_one_and_of_no_other()
    {
        Write("disposable-domains.txt", "# mine\n\nThrow.Example\n");
        var files = Files();
        Assert.True(new DisposableDomains(files).Contains("throw.example"));
        Assert.False(new DisposableDomains(files).Contains("mailinator.com"));
        Assert.Equal((Origin.Own, 1), (files.DisposableDomains.State.Origin, files.DisposableDomains.State.Entries));
        Assert.Equal(Origin.Shipped, files.Crawlers.State.Origin);
        Assert.Empty(log.All);
    }

    [Fact]
    public void A_change_is_taken_up_without_a_start_and_verdicts_of_the_old_list_are_forgotten()
    {
        var files = Files();
        var agents = new Agents(files);
        Assert.False(agents.Find("Teapot/1.0").IsBot);
        Write("crawlers.txt", "Teapot\n");
        files.Crawlers.Refresh();
        Assert.True(agents.Find("Teapot/1.0").IsBot);
        Assert.False(agents.Find("Googlebot/2.1").IsBot);
        File.Delete(Path.Combine(Own, "crawlers.txt"));
        files.Crawlers.Refresh();
        Assert.False(agents.Find("Teapot/1.0").IsBot);
        Assert.True(agents.Find("Googlebot/2.1").IsBot);
    }

    [Theory]
    [InlineData("countries.ranges", "not a table")]
    [InlineData("countries.ranges.br", "not compressed")]
    [InlineData("hosting.ranges", "")]
    [InlineData("crawlers.txt", "(((")]
    [InlineData("disposable-domains.txt", "<html>")]
    [InlineData("ad-click-ids.txt", "gclid")]
    public void A_damaged_file_is_passed_over_and_named_once(string name, string content)
    {
        Write(name, content);
        var files = Files();
        for (var i = 0; i < 3; i++)
            foreach (var file in files.InService)
            {
                file.Refresh();
                Assert.Equal(Origin.Shipped, file.State.Origin);
                Assert.Equal(name.StartsWith(file.Name, StringComparison.Ordinal), file.State.Problem is not null);
            }
        Assert.Contains(name, Assert.Single(log.All), StringComparison.Ordinal);
    }

    [Fact]
    public void While_the_service_runs_a_damaged_file_leaves_in_use_what_was_read_before()
    {
        Write("disposable-domains.txt", "throw.example\n", age: 5);
        var files = Files();
        Assert.Equal(1, files.DisposableDomains.State.Entries);
        Write("disposable-domains.txt", "<html>");
        files.DisposableDomains.Refresh();
        Assert.True(new DisposableDomains(files).Contains("throw.example"));
        Assert.NotNull(files.DisposableDomains.State.Problem);
        Write("disposable-domains.txt", "throw.example\nother.example\n", age: -5);
        files.DisposableDomains.Refresh();
        Assert.Equal((2, null), (files.DisposableDomains.State.Entries, files.DisposableDomains.State.Problem));
    }

    [Fact]
    public void A_table_that_is_not_the_one_of_its_manifest_is_damaged_and_an_edited_text_is_the_owners()
    {
        foreach (var name in new[] { "hosting.json", "crawlers.json" })
            File.Copy(Path.Combine(Shipped, name), Path.Combine(Own, name));
        File.Copy(Path.Combine(Shipped, "countries.ranges.br"), Path.Combine(Own, "hosting.ranges.br"));
        Write("crawlers.txt", "Teapot\n");
        var files = Files();
        Assert.Equal(Origin.Shipped, files.Hosting.State.Origin);
        Assert.Contains("manifest", files.Hosting.State.Problem, StringComparison.Ordinal);
        Assert.Equal((Origin.Own, null, null), (files.Crawlers.State.Origin, files.Crawlers.State.Manifest, files.Crawlers.State.Problem));
    }

    [Fact]
    public void Without_any_file_the_program_knows_less_and_says_so_once_each()
    {
        Directory.Delete(Shipped, recursive: true);
        Directory.Delete(Own, recursive: true);
        var files = Files();
        for (var i = 0; i < 3; i++)
            foreach (var file in files.InService)
                file.Refresh();
        Assert.Equal(default, new AddressFacts(files).Find(System.Net.IPAddress.Parse("5.9.0.1")));
        Assert.False(new DisposableDomains(files).Contains("mailinator.com"));
        Assert.Equal(3, log.All.Count);
        // Those that every click asks are in the program itself.
        Assert.Equal(Origin.BuiltIn, files.Crawlers.State.Origin);
        Assert.True(new Agents(files).Find("Googlebot/2.1").IsBot);
        Assert.Equal("gclid", new AdClickIds(files).Find("?gclid=1")?.Parameter);
    }

    [Fact]
    public async Task A_service_asks_the_folder_in_its_data_folder()
    {
        await using var app = await SidecarApp.StartAsync();
        var folder = Directory.CreateDirectory(Path.Combine(app.DataFolder, "reference")).FullName;
        Assert.True(app.Services.GetRequiredService<DisposableDomains>().Contains("mailinator.com"));
        await File.WriteAllTextAsync(Path.Combine(folder, "disposable-domains.txt"), "throw.example\n");
        app.Services.GetRequiredService<ReferenceFiles>().DisposableDomains.Refresh();
        Assert.True(app.Services.GetRequiredService<DisposableDomains>().Contains("throw.example"));
        Assert.True(app.Services.GetRequiredService<AddressFacts>().Find(System.Net.IPAddress.Parse("5.9.0.1")).IsHosting);
    }

    sealed class Lines : ILogger<ReferenceFiles>
    {
        public List<string> All { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            All.Add(string.Create(CultureInfo.InvariantCulture, $"{logLevel}: {formatter(state, exception)}"));
    }
}
