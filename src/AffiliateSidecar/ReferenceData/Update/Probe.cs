using System.Net;

namespace AffiliateSidecar.ReferenceData.Update;

/// <summary>What is known for certain, asked of new data before they take the place of the old ones.</summary>
static class Probe
{
    // A few may move; that many do at once is a mistake in the data.
    const double Right = 0.75;

    // Far fewer than before is half a file, or another thing.
    const int Share = 4;

    static readonly (string Address, string Country)[] Countries =
    [
        ("193.0.6.139", "NL"), ("2001:67c:2e8:22::c100:68b", "NL"), ("79.192.0.1", "DE"), ("2003::1", "DE"), ("133.11.0.1", "JP"), ("200.160.2.3", "BR"),
        ("5.200.64.1", "IR"), ("2.176.0.1", "IR"), ("73.1.2.3", "US"), ("90.0.0.1", "FR"), ("86.128.0.1", "GB"), ("84.112.0.1", "AT"),
    ];

    static readonly string[] DataCentres = ["3.5.140.2", "18.194.0.1", "5.9.0.1", "2a01:4f8::1", "51.38.0.1", "104.131.0.1", "20.50.0.1", "45.79.0.1", "2600:1f00::1"];

    static readonly string[] Homes = ["79.192.0.1", "2003::1", "73.1.2.3", "90.0.0.1", "86.128.0.1", "84.112.0.1", "2.176.0.1", "5.200.64.1"];

    static readonly string[] Bots = ["Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "curl/8.5.0", "Mozilla/5.0 (compatible; bingbot/2.0)"];

    static readonly string[] Browsers =
    [
        "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
    ];

    static readonly string[] Disposable = ["mailinator.com", "yopmail.com", "guerrillamail.com"];

    static readonly string[] Kept =
    [
        "gmail.com", "outlook.com", "hotmail.com", "yahoo.com", "icloud.com", "aol.com", "gmx.de", "gmx.com", "web.de", "proton.me", "protonmail.com", "orange.fr",
        "mail.ru", "yandex.ru", "qq.com", "163.com", "naver.com", "chmail.ir", "privaterelay.appleid.com", "mozmail.com", "duck.com",
    ];

    /// <exception cref="PackageException">The data cannot be right.</exception>
    public static void Check(object data, string set, string source, int entries, int before)
    {
        if (entries < before / Share)
            throw new PackageException($"{source} has {entries} entries for '{set}'; {before} are in use. It is damaged, or not what it is called.");
        var (right, of) = data switch
        {
            CrawlerPatterns crawlers => Score(Bots.Select(crawlers.Match).Concat(Browsers.Select(b => !crawlers.Match(b))), all: true),
            DomainSet domains => Score(Disposable.Select(d => domains.Contains(d)).Concat(Kept.Select(d => !domains.Contains(d))), all: true),
            RangeTable table when set == "countries" => Score(Countries.Select(c => Find(table, c.Address) == c.Country), all: false),
            RangeTable table => Score(DataCentres.Select(a => Find(table, a) is not null).Concat(Homes.Select(a => Find(table, a) is null)), all: false),
            _ => (0, 0),
        };
        if (right < of)
            throw new PackageException($"{source} cannot be right: of what is known for certain it has {right} where at least {of} are expected ('{set}').");
    }

    static (int Right, int Needed) Score(IEnumerable<bool> answers, bool all)
    {
        var list = answers.ToList();
        return (list.Count(a => a), all ? list.Count : (int)(list.Count * Right));
    }

    static string? Find(RangeTable table, string address) => table.Find(AddressKey.Of(IPAddress.Parse(address)));
}
