using System.Runtime.Versioning;
using AffiliateSidecar.ReferenceData;
using AffiliateSidecar.ReferenceData.Update;
using AffiliateSidecar.Support;
using Xunit;

namespace AffiliateSidecar.Cli;

public sealed class DataCommandTests : IDisposable
{
    readonly CommandFolder cli = new();

    string Packed => Path.Combine(cli.Path, "packed");

    string Own => Path.Combine(cli.Path, "data", "reference");

    public DataCommandTests() => Directory.CreateDirectory(Packed);

    public void Dispose() => cli.Dispose();

    [Fact]
    public async Task Show_lists_every_set_with_version_date_and_licence()
    {
        var result = await cli.RunAsync("data", "show", "--json");
        Assert.Equal(0, result.Exit);
        Assert.Equal(["ad-click-ids", "crawlers", "disposable-domains", "countries", "hosting", "hosting-operators"], result.Json.AsArray().Select(s => (string)s!["name"]!));
        Assert.All(result.Json.AsArray(), s => Assert.Equal("shipped", (string)s!["origin"]!));
        Assert.All(result.Json.AsArray(), s => Assert.NotEmpty((string)s!["licence"]!));
        Assert.Contains("crawler-user-agents", (await cli.RunAsync("data", "show")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Update_takes_packages_of_a_folder_and_says_what_was_and_is()
    {
        Packages.Crawlers(Packed, "99.0.0", "Teapot\\/");
        Packages.Domains(Packed, "9.0.0", Domains().Append("Throw.Example"));
        var result = await cli.RunAsync("data", "update", "--from", Packed);
        Assert.Equal((0, ""), (result.Exit, result.Error));
        Assert.Matches(@"crawlers +\S+ of .+→  99\.0\.0 of ", result.Out);
        Assert.Equal(["crawlers.json", "crawlers.licence.txt", "crawlers.txt", "disposable-domains.json", "disposable-domains.licence.txt", "disposable-domains.txt.br"],
            Directory.EnumerateFiles(Own).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        var files = Reference.Of(Own);
        Assert.True(files.Crawlers.Value.Match("Teapot/1.0"));
        Assert.True(files.DisposableDomains.Value.Contains("throw.example"));
        Assert.Equal((Origin.Own, "99.0.0", "MIT"), (files.Crawlers.State.Origin, files.Crawlers.State.Manifest?.Version, files.Crawlers.State.Manifest?.Licence));
        Assert.Equal("Do as you like.\n", await File.ReadAllTextAsync(Manifest.LicencePathOf(Own, "crawlers")));
    }

    [Fact]
    public async Task An_unpacked_package_and_a_text_do_as_well()
    {
        Packages.Crawlers(Packed, "99.0.0", "Teapot\\/");
        var unpacked = Directory.CreateDirectory(Path.Combine(cli.Path, "unpacked", "node_modules", "crawler-user-agents")).FullName;
        Package.In(Packed, cli.Path)[0].Files.ToList().ForEach(f => File.Copy(f, Path.Combine(unpacked, Path.GetFileName(f))));
        await File.WriteAllTextAsync(Path.Combine(cli.Path, "unpacked", "ad-click-ids.txt"), string.Join('\n', Packages.Lines("ad-click-ids.txt")) + "\nteaclid paid Tea Ads\n");
        var result = await cli.RunAsync("data", "update", "--from", Path.Combine(cli.Path, "unpacked"));
        Assert.Equal((0, ""), (result.Exit, result.Error));
        Assert.True(Reference.Of(Own).Crawlers.Value.Match("Teapot/1.0"));
        Assert.Equal("Tea Ads", Reference.Of(Own).AdClickIds.Value.Find("?teaclid=1")?.Platform);
    }

    [Theory]
    [InlineData("cut")]
    [InlineData("no tgz")]
    [InlineData("broken json")]
    [InlineData("a part of the list")]
    [InlineData("gmail in it")]
    [InlineData("browsers in it")]
    [InlineData("nothing")]
    [InlineData("no folder")]
    public async Task A_package_that_cannot_be_right_ends_with_2_and_nothing_is_changed(string how)
    {
        var domains = Domains();
        var folder = how == "no folder" ? Packed + "x" : Packed;
        if (how is not ("nothing" or "no folder"))
            Packages.Crawlers(Packed, "99.0.0", how == "browsers in it" ? "Firefox" : "Teapot");
        Packages.Domains(cli.Path, "9.0.0", how == "a part of the list" ? domains.Take(domains.Count / 4) : how == "gmail in it" ? domains.Append("gmail.com") : domains);
        var tgz = Directory.EnumerateFiles(cli.Path, "*.tgz").Single();
        var content = await File.ReadAllBytesAsync(tgz);
        if (how is "cut")
            content = content[..(content.Length / 2)];
        if (how == "no tgz")
            content = "<html>"u8.ToArray();
        if (how is not ("nothing" or "no folder"))
            await File.WriteAllBytesAsync(Path.Combine(Packed, Path.GetFileName(tgz)), content);
        if (how == "broken json")
            Packages.Write(Packed, "disposable-domains", "9.0.0", ("index.json", "[\"a.example\","u8.ToArray()));
        var result = await cli.RunAsync("data", "update", "--from", folder);
        Assert.Equal((2, ""), (result.Exit, result.Out));
        Assert.Matches("^error: .+ Nothing was changed.\n$", result.Error);
        Assert.False(Directory.Exists(Own));
    }

    [Fact]
    public async Task What_the_owner_wrote_himself_is_left_as_it_is()
    {
        Directory.CreateDirectory(Own);
        await File.WriteAllTextAsync(Path.Combine(Own, "crawlers.txt"), string.Concat(Packages.Lines("crawlers.txt").Select(l => l + "\n")) + "Teapot\n");
        Packages.Crawlers(Packed, "99.0.0");
        var result = await cli.RunAsync("data", "update", "--from", Packed);
        Assert.Equal(0, result.Exit);
        Assert.Contains("left as it is", result.Out, StringComparison.Ordinal);
        Assert.EndsWith("Teapot\n", await File.ReadAllTextAsync(Path.Combine(Own, "crawlers.txt")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_npm_the_command_says_what_to_do()
    {
        var update = new ReferenceUpdate(Reference.Of(Own), TimeProvider.System);
        var e = await Assert.ThrowsAsync<PackageException>(() => update.FromNpmAsync(new Npm("no-such-npm"), null, default));
        Assert.Contains("--from", e.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Own));
    }

    [Fact, UnsupportedOSPlatform("windows")]
    public async Task What_npm_says_is_passed_on()
    {
        var npm = Path.Combine(cli.Path, "npm");
        await File.WriteAllTextAsync(npm, "#!/bin/sh\necho 'npm error code ENOTFOUND' >&2\necho 'npm error the network is away' >&2\nexit 1\n");
        File.SetUnixFileMode(npm, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var e = await Assert.ThrowsAsync<PackageException>(() => new ReferenceUpdate(Reference.Of(Own), TimeProvider.System).FromNpmAsync(new Npm(npm), null, default));
        Assert.Equal("`npm pack` failed: code ENOTFOUND: the network is away", e.Message);
    }

    [Fact, UnsupportedOSPlatform("windows")]
    public async Task Everything_that_npm_brings_is_taken_in_with_the_day_of_its_publication()
    {
        Packages.Crawlers(Packed, "99.0.0");
        Packages.Domains(Packed, "9.0.0", Domains());
        Packages.Write(Packed, "@ip-location-db/geo-whois-asn-country-mmdb", "2.3.2026061719", ("x-ipv4.mmdb", SmallCountries()));
        Packages.Write(Packed, "@ip-location-db/asn", "2.3.2026061719", ("asn-ipv4.csv", SmallOperators()), ("asn-ipv4-num.csv", "0,1,2,3\n"u8.ToArray()));
        var npm = Path.Combine(cli.Path, "npm");
        await File.WriteAllTextAsync(npm, $"#!/bin/sh\nif [ $1 = pack ]; then cp {Packed}/*.tgz .; else echo '{{\"99.0.0\":\"2026-10-01T10:00:00.000Z\"}}'; fi\n");
        File.SetUnixFileMode(npm, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        // Nothing is shipped here, so that a small database is not thought to be a part of one.
        var lists = Directory.CreateDirectory(Path.Combine(cli.Path, "shipped")).FullName;
        File.Copy(Path.Combine(Reference.ShippedFolder, "hosting-operators.txt"), Path.Combine(lists, "hosting-operators.txt"));
        var files = Reference.Of(Own, lists);
        var done = await new ReferenceUpdate(files, TimeProvider.System).FromNpmAsync(new Npm(npm), null, default);
        Assert.Equal([("crawlers", new DateOnly(2026, 10, 1)), ("countries", new DateOnly(2026, 6, 17)), ("hosting", new DateOnly(2026, 6, 17))],
            done.Where(d => d.Name != "disposable-domains").Select(d => (d.Name, d.After!.Date)));
        var facts = new AddressFacts(files);
        Assert.Equal(new AddressFact("DE", "Hetzner Online GmbH"), facts.Find(System.Net.IPAddress.Parse("5.9.1.2")));
        Assert.Equal(new AddressFact("NL", null), facts.Find(System.Net.IPAddress.Parse("193.0.6.1")));
    }

    [Fact]
    public async Task A_database_of_the_owners_in_the_format_of_MaxMind_is_taken()
    {
        await File.WriteAllBytesAsync(Path.Combine(Packed, "GeoLite2-Country.mmdb"), SmallCountries(code => [("country", new (string, object)[] { ("iso_code", code) })]));
        var files = Reference.Of(Own, cli.Path);
        var done = Assert.Single(await new ReferenceUpdate(files, TimeProvider.System).FromFolderAsync(Packed, null));
        Assert.Equal("GeoLite2-Country.mmdb", done.After!.Source);
        Assert.Equal("FR", new AddressFacts(files).Find(System.Net.IPAddress.Parse("90.1.2.3")).Country);
        await File.WriteAllBytesAsync(Path.Combine(Packed, "GeoLite2-Country.mmdb"), SmallCountries()[..200]);
        await Assert.ThrowsAsync<PackageException>(() => new ReferenceUpdate(files, TimeProvider.System).FromFolderAsync(Packed, null));
    }

    // As many as are needed not to be thought a part of the list.
    static List<string> Domains() => [.. Packages.Lines("disposable-domains.txt.br").Where((domain, at) => at % 3 == 0 || domain is "mailinator.com" or "yopmail.com" or "guerrillamail.com")];

    static byte[] SmallCountries(Func<string, (string, object)[]>? record = null)
    {
        record ??= code => [("country_code", code)];
        return Packages.Mmdb(4, [.. new (byte[] Prefix, string Code)[]
        {
            ([193, 0], "NL"), ([79], "DE"), ([5, 9], "DE"), ([133], "JP"), ([200], "BR"), ([5, 200], "IR"), ([2, 176], "IR"), ([73], "US"), ([90], "FR"), ([86], "GB"), ([84], "AT"),
        }.Select(n => (n.Prefix, record(n.Code)))]);
    }

    static byte[] SmallOperators() => System.Text.Encoding.UTF8.GetBytes("""
        3.0.0.0,3.255.255.255,16509,"Amazon.com, Inc."
        5.9.0.0,5.9.255.255,24940,Hetzner Online GmbH
        18.0.0.0,18.255.255.255,16509,"Amazon.com, Inc."
        20.0.0.0,20.255.255.255,8075,Microsoft Corporation
        45.79.0.0,45.79.255.255,63949,"Akamai Technologies, Inc."
        51.38.0.0,51.38.255.255,16276,OVH SAS
        79.192.0.0,79.255.255.255,3320,Deutsche Telekom AG
        104.131.0.0,104.131.255.255,14061,"DigitalOcean, LLC"

        """);
}
