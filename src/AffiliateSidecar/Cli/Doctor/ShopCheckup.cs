using System.Runtime.CompilerServices;
using AffiliateSidecar.Http;
using AffiliateSidecar.Shops.Reading;

namespace AffiliateSidecar.Cli.Doctor;

/// <summary>Links have somewhere to lead, webhooks a secret to be known by, and the shop's database is as it must be where it is read.</summary>
static class ShopCheckup
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static async IAsyncEnumerable<Diagnosis> RunAsync(IServiceProvider services, [EnumeratorCancellation] CancellationToken cancel)
    {
        var shops = services.GetRequiredService<ShopDirectory>().All;
        if (shops.Count == 0)
            yield return Diagnosis.Warning("shops", "No shop is configured: links lead nowhere and no webhook is taken.",
                "Set Sidecar:Shops:main:Kind, :Url and :WebhookSecret.");
        var database = new ShopDatabaseCheck(services.GetRequiredService<TimeProvider>());
        using var http = new HttpClient { Timeout = Patience };
        foreach (var shop in shops)
        {
            var check = $"shop {shop.Name}";
            var setting = $"Sidecar:Shops:{shop.Name}";
            if (shop.Kind is not ("woocommerce" or "api"))
                yield return Diagnosis.Failure(check, $"Its kind '{shop.Kind}' is not known.", $"Set {setting}:Kind to woocommerce or api.");
            yield return shop.Url is null
                ? Diagnosis.Warning(check, "It has no address, so no link can lead to it.", $"Set {setting}:Url, such as https://shop.example/")
                : await AnswersAsync(http, check, shop.Url, cancel);
            if (shop.Kind == "woocommerce")
                yield return Webhook(check, setting, shop);
            if (shop.ConnectionString is not null)
                foreach (var diagnosis in Database(check, await database.CheckAsync(shop, cancel)))
                    yield return diagnosis;
        }
    }

    static Diagnosis Webhook(string check, string setting, ShopSettings shop) => shop.WebhookSecret switch
    {
        null or "" => Diagnosis.Failure(check, "It has no webhook secret, so every delivery is refused.",
            $"Set {setting}:WebhookSecret to the secret of the shop's webhooks (WooCommerce → Settings → Advanced → Webhooks)."),
        { Length: < 16 } => Diagnosis.Warning(check, "Its webhook secret is short enough to be guessed.", $"Use a longer one, such as: {Secret()}"),
        _ => Diagnosis.Well(check, $"Webhooks have a secret. Their delivery URL is the public address of this service + /v1/shops/{shop.Name}/webhooks/woocommerce"),
    };

    /// <summary>What is well in one line, what is not each in its own; `shop check` has it all.</summary>
    static IEnumerable<Diagnosis> Database(string check, ShopDatabaseReport report)
    {
        var well = report.Findings.Where(f => f.Condition == ShopFinding.Ok && f.Name is "account" or "orders").Select(f => f.What);
        if (report.Ok)
            yield return Diagnosis.Well(check, $"Its database can be read. {string.Join(' ', well)}");
        foreach (var finding in report.Findings.Where(f => f.Condition != ShopFinding.Ok))
        {
            var found = $"Its database: {finding.What}";
            // The statements themselves would fill the page.
            var mend = finding.Mend!.Replace("statements below", $"statements that `{CommandLine.Name} shop check` prints", StringComparison.Ordinal);
            yield return finding.Condition == ShopFinding.Failed ? Diagnosis.Failure(check, found, mend) : Diagnosis.Warning(check, found, mend);
        }
    }

    static string Secret() => Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(24));

    static async Task<Diagnosis> AnswersAsync(HttpClient http, string check, Uri url, CancellationToken cancel)
    {
        string reason;
        try
        {
            using var response = await http.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, cancel);
            if (response.Headers.Date is { } date && (date - DateTimeOffset.UtcNow).Duration() > TimeSpan.FromMinutes(2))
                return Diagnosis.Warning(check, $"Its clock is {(date - DateTimeOffset.UtcNow).TotalMinutes:+0;-0} minutes from ours.", "Let both machines use a time service.");
            if ((int)response.StatusCode < 500)
                return Diagnosis.Well(check, $"{url} answers.");
            reason = $"it answers {(int)response.StatusCode}";
        }
        catch (HttpRequestException e)
        {
            reason = e.Message;
        }
        catch (TaskCanceledException) when (!cancel.IsCancellationRequested)
        {
            reason = $"no answer within {Patience.TotalSeconds:0} seconds";
        }
        return Diagnosis.Warning(check, $"{url} cannot be reached from here: {reason}", "Check the address. Links lead visitors there; this machine itself need not reach it.");
    }
}
