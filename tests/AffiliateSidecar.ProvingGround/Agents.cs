namespace AffiliateSidecar.ProvingGround;

/// <summary>Browsers as people, scripts and mail gateways send them.</summary>
public sealed class Agents
{
    public enum Family
    {
        WindowsChrome, MacChrome, LinuxChrome, Edge, WindowsFirefox, MacFirefox, MacSafari, IPhone, Android, Samsung,
        Instagram, FacebookPhone, FacebookAndroid, TikTok, GoogleApp, Old, App,
    }

    const int Versions = 10;

    static readonly string[] s_models = ["SM-A546B", "SM-G991B", "Pixel 8", "M2101K6G", "Redmi Note 12", "SM-S918B", "CPH2449", "moto g54 5G"];

    static readonly string[] s_bots =
    [
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
        "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)",
        "Mozilla/5.0 (compatible; SemrushBot/7~bl; +http://www.semrush.com/bot.html)",
        "Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)",
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)",
        "Mozilla/5.0 (compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)",
        "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
        "Twitterbot/1.0", "TelegramBot (like TwitterBot)", "WhatsApp/2.24.20.89 A",
        "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
        "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
        "LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)",
    ];

    static readonly string[] s_scripts =
    [
        "python-requests/2.31.0", "Java/17.0.9", "curl/8.5.0", "Go-http-client/2.0", "Scrapy/2.11.2 (+https://scrapy.org)", "okhttp/4.12.0",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/124.0.6367.78 Safari/537.36",
    ];

    static readonly string[] s_odd = MakeOdd();

    static readonly string[] s_scanners =
    [
        "", "", "Mozilla/4.0 (compatible; ms-office; MSOffice 16)",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/114.0.0.0 Safari/537.36",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36 Edg/120.0.0.0",
    ];

    public static readonly Weighted<Family> People = new((Family.WindowsChrome, 22), (Family.MacChrome, 7), (Family.LinuxChrome, 1),
        (Family.Edge, 7), (Family.WindowsFirefox, 4), (Family.MacFirefox, 1), (Family.MacSafari, 6), (Family.IPhone, 24), (Family.Android, 19),
        (Family.Samsung, 4), (Family.Instagram, 1), (Family.FacebookPhone, 1), (Family.FacebookAndroid, 1), (Family.GoogleApp, 1), (Family.Old, 1));

    public static readonly Weighted<Family> Phones = new((Family.IPhone, 40), (Family.Android, 34), (Family.Samsung, 8),
        (Family.WindowsChrome, 5), (Family.Instagram, 6), (Family.FacebookPhone, 3), (Family.FacebookAndroid, 2), (Family.TikTok, 2));

    public static readonly Weighted<Family> Social = new((Family.Instagram, 24), (Family.TikTok, 14), (Family.FacebookPhone, 9),
        (Family.FacebookAndroid, 9), (Family.IPhone, 20), (Family.Android, 14), (Family.WindowsChrome, 7), (Family.Samsung, 3));

    public static readonly Weighted<Family> Desks = new((Family.WindowsChrome, 50), (Family.Edge, 22), (Family.MacChrome, 12),
        (Family.WindowsFirefox, 8), (Family.MacSafari, 6), (Family.LinuxChrome, 2));

    public static readonly Weighted<Family> Aged = new((Family.Old, 65), (Family.WindowsChrome, 15), (Family.Android, 12), (Family.IPhone, 8));

    public static readonly Weighted<Family> OneApp = new((Family.App, 85), (Family.IPhone, 8), (Family.Android, 7));

    readonly string[][] _byFamily;
    readonly double _newest;

    public Agents(double newestChrome)
    {
        _newest = newestChrome;
        _byFamily = [.. Enum.GetValues<Family>().Select(family => Make(family, (int)newestChrome))];
    }

    public static string Bot(Dice dice) => dice.Pick(s_bots);

    public static string Script(Dice dice) => dice.Pick(s_scripts);

    public static string Scanner(Dice dice) => dice.Pick(s_scanners);

    /// <summary>Old builds that nobody uses any more and that no browser ever had.</summary>
    public static string Odd(Dice dice) => dice.Pick(s_odd);

    /// <summary>Many people have the newest version, the others are some behind; a new one comes every four weeks.</summary>
    public string Browser(Dice dice, Weighted<Family> mix, double day) => Browser(dice, dice.Pick(mix), day);

    public string Browser(Dice dice, Family family, double day)
    {
        var strings = _byFamily[(int)family];
        if (family is Family.Old)
            return dice.Pick(strings);
        var behind = dice.Chance(0.42) ? 0 : 1 + (int)dice.Exponential(1.8);
        // The first strings are those of versions that come during the program.
        var current = Versions / 2 - (int)(_newest - (int)_newest + day / 28);
        return strings[Math.Clamp(current + behind, 0, strings.Length - 1) % strings.Length];
    }

    static string[] Make(Family family, int newest)
    {
        const string WebKit = "AppleWebKit/537.36 (KHTML, like Gecko)";
        const string Apple = "AppleWebKit/605.1.15 (KHTML, like Gecko)";
        return [.. Enumerable.Range(0, family is Family.Old ? 14 : Versions + 4).Select(i =>
        {
            var chrome = newest + Versions / 2 - i;
            var system = i switch { < 4 => "18_3", 4 => "18_2", 5 => "18_1", 6 => "18_0", 7 => "17_6", 8 => "17_5", 9 => "17_4", 10 => "17_0", _ => "16_6" };
            var model = s_models[i % s_models.Length];
            return family switch
            {
                Family.WindowsChrome => $"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WebKit} Chrome/{chrome}.0.0.0 Safari/537.36",
                Family.MacChrome => $"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {WebKit} Chrome/{chrome}.0.0.0 Safari/537.36",
                Family.LinuxChrome => $"Mozilla/5.0 (X11; Linux x86_64) {WebKit} Chrome/{chrome}.0.0.0 Safari/537.36",
                Family.Edge => $"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WebKit} Chrome/{chrome}.0.0.0 Safari/537.36 Edg/{chrome}.0.0.0",
                Family.WindowsFirefox => $"Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:{chrome}.0) Gecko/20100101 Firefox/{chrome}.0",
                Family.MacFirefox => $"Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:{chrome}.0) Gecko/20100101 Firefox/{chrome}.0",
                Family.MacSafari => $"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {Apple} Version/{system.Replace('_', '.')} Safari/605.1.15",
                Family.IPhone => $"Mozilla/5.0 (iPhone; CPU iPhone OS {system} like Mac OS X) {Apple} Version/{system.Replace('_', '.')} Mobile/15E148 Safari/604.1",
                Family.Android => $"Mozilla/5.0 (Linux; Android 10; K) {WebKit} Chrome/{chrome}.0.0.0 Mobile Safari/537.36",
                Family.Samsung => $"Mozilla/5.0 (Linux; Android 14; {model}) {WebKit} SamsungBrowser/{27 - i / 4}.0 Chrome/{chrome - 6}.0.0.0 Mobile Safari/537.36",
                Family.Instagram => $"Mozilla/5.0 (iPhone; CPU iPhone OS {system} like Mac OS X) {Apple} Mobile/15E148 Instagram {360 - 2 * i}.0.0.19.103 (iPhone14,5; iOS {system}; en_GB; scale=3.00)",
                Family.FacebookPhone => $"Mozilla/5.0 (iPhone; CPU iPhone OS {system} like Mac OS X) {Apple} Mobile/15E148 [FBAN/FBIOS;FBAV/{495 - 2 * i}.0.0.38.109;FBBV/65;FBDV/iPhone14,7]",
                Family.FacebookAndroid => $"Mozilla/5.0 (Linux; Android 13; {model}; wv) {WebKit} Version/4.0 Chrome/{chrome}.0.0.0 Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/{495 - 2 * i}.0.0.48.79;]",
                Family.TikTok => $"Mozilla/5.0 (iPhone; CPU iPhone OS {system} like Mac OS X) {Apple} Mobile/15E148 musical_ly_{37 - i / 2}.2.0 BytedanceWebview/d8a21c6",
                Family.GoogleApp => $"Mozilla/5.0 (iPhone; CPU iPhone OS {system} like Mac OS X) {Apple} GSA/{345 - 3 * i}.0.699 Mobile/15E148 Safari/604.1",
                Family.App => $"Mozilla/5.0 (Linux; Android 13; wv) {WebKit} Version/4.0 Chrome/{chrome - chrome % 4}.0.0.0 Mobile Safari/537.36 DealsApp/7.{20 - i / 3}.0",
                _ => Old(i),
            };
        })];
    }

    static string Old(int i) => i switch
    {
        0 or 1 or 2 => "Mozilla/5.0 (Windows NT 6.1; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/109.0.0.0 Safari/537.36",
        3 => "Mozilla/5.0 (Windows NT 6.3; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/109.0.0.0 Safari/537.36",
        4 => "Mozilla/5.0 (Windows NT 6.1; WOW64; rv:115.0) Gecko/20100101 Firefox/115.0",
        5 => "Mozilla/5.0 (iPhone; CPU iPhone OS 12_5_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/12.1.2 Mobile/15E148 Safari/604.1",
        6 => "Mozilla/5.0 (iPhone; CPU iPhone OS 14_8 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/14.1.2 Mobile/15E148 Safari/604.1",
        7 => "Mozilla/5.0 (iPad; CPU OS 12_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/12.1.2 Mobile/15E148 Safari/604.1",
        8 => "Mozilla/5.0 (Linux; Android 7.0; SM-G930F) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/96.0.4664.104 Mobile Safari/537.36",
        9 => "Mozilla/5.0 (Linux; Android 8.1.0; SM-J530F) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/88.0.4324.181 Mobile Safari/537.36",
        10 => "Mozilla/5.0 (Linux; Android 6.0.1; SM-J500FN) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/106.0.5249.126 Mobile Safari/537.36",
        11 => "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_6) AppleWebKit/601.7.7 (KHTML, like Gecko) Version/9.1.2 Safari/601.7.7",
        12 => "Mozilla/5.0 (Windows NT 6.1; Trident/7.0; rv:11.0) like Gecko",
        _ => "Mozilla/5.0 (Linux; Android 9; moto g(7)) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/92.0.4515.159 Mobile Safari/537.36",
    };

    static string[] MakeOdd()
    {
        var dice = new Dice(20);
        var odd = new List<string> { "Mozilla/5.0 (Unknown; Linux x86_64) AppleWebKit/538.1 (KHTML, like Gecko) PhantomJS/2.1.1 Safari/538.1" };
        foreach (var system in (string[])["10.0", "6.1", "6.3"])
            for (var version = 60; version <= 114; version += 2)
                odd.Add($"Mozilla/5.0 (Windows NT {system}; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) " +
                    $"Chrome/{version}.0.{dice.Whole(3000, 4400)}.{version % 100} Safari/537.36");
        return [.. odd];
    }
}
