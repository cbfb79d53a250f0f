using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using AffiliateSidecar.Fraud;
using AffiliateSidecar.Messages;
using AffiliateSidecar.Messages.Applications;
using AffiliateSidecar.Messages.Digest;
using AffiliateSidecar.Messages.Threads;
using AffiliateSidecar.Shops;
using AffiliateSidecar.Shops.WooCommerce;
using AffiliateSidecar.Storage;
using AffiliateSidecar.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AffiliateSidecar.Http;

/// <summary>
/// Every operation of the OpenAPI document is sent what it does not expect: in its body, its query and its path. A new operation is
/// attacked as soon as it is in the document.
/// </summary>
public sealed class HostileInputTests
{
    static readonly string[] Leaks = ["System.", "AffiliateSidecar", "Microsoft", "MySql", "Sqlite", "BytePosition", "AllowedValues", "Exception", "   at "];

    [Theory, BothDatabases]
    public async Task Whatever_is_sent_the_answer_is_a_clear_refusal_or_an_ordinary_success(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db, new Dictionary<string, string?> { ["Logging:LogLevel:Default"] = "None", ["Sidecar:RateLimit:form:Requests"] = "0" });
        var partner = await app.PartnerAsync("sara");
        var order = await app.PutAsync("/v1/orders/main/1042", Some.Order(partner: "sara"));
        var commission = (await app.GetAsync("/v1/commissions"))["data"]![0]!;
        await app.PostAsync("/v1/adjustments", new { partner = (string?)partner["id"], amount = new { amount = "500.00", currency = "EUR" }, reason = "to be paid" });
        var payout = await app.PostAsync("/v1/payouts", new { });
        var document = await app.GetAsync("/openapi/v1.json");
        var broadcast = await app.PostAsync("/v1/broadcasts", new { contents = new { en = new { subject = "Hello", markdown = "Hello" } } });
        var ids = new Dictionary<string, string?>
        {
            ["partners"] = (string?)partner["id"], ["talk-list"] = (string?)partner["id"], ["name"] = "head", ["version"] = "1", ["orders"] = (string?)order["id"], ["commissions"] = (string?)commission["id"],
            ["payouts"] = (string?)payout["id"], ["broadcasts"] = (string?)broadcast["id"], ["fraud"] = await app.AlertAsync((string)partner["id"]!),
            ["shop"] = "main", ["external_id"] = "1042", ["code"] = "sara", ["path"] = "tea/",
            ["application"] = app.Services.GetRequiredService<ApplicationLink>().Of(PublicId.NumberOf(PublicId.Partner, (string?)partner["id"])!.Value).Segments[^1],
            ["threads"] = (string?)(await app.PostAsync("/v1/threads", new { partner = (string)partner["id"]!, subject = "Hello", text = "Hello" }))["thread"]!["id"], ["file"] = "fil_0000000000", ["mails"] = PublicId.Of(PublicId.Mail, 1),
            ["thread"] = app.Services.GetRequiredService<ThreadLink>().Of(1, Side.Partner).Segments[^1], ["decision"] = app.Services.GetRequiredService<DecisionLink>().Of("drift", "main").Segments[^1],
            ["unsubscribe"] = app.Services.GetRequiredService<UnsubscribeLink>().Of(new(MailTopic.News, "en", "key")).Segments[^1],
        };
        var requests = Operations(document).SelectMany(o => Attacks(o, ids)).ToList();
        Assert.InRange(requests.Count, 1000, int.MaxValue);
        var wrong = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(requests, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (attack, cancel) =>
        {
            using var request = attack();
            var sent = request.Content is null ? "" : Shorter(Encoding.UTF8.GetString(await request.Content.ReadAsByteArrayAsync(cancel)));
            var complaint = await ComplaintAsync(app.Http, attack, cancel);
            if (complaint is not null)
                wrong.Add($"{request.Method} {Shorter(request.RequestUri!.OriginalString)} {request.Content?.Headers.ContentType} {sent}\n    {complaint}");
        });
        Assert.True(wrong.IsEmpty, $"{wrong.Count} of {requests.Count}:\n{string.Join('\n', wrong.Order().Take(25))}");
        await app.VerifyAsync();
        await app.PutAsync("/v1/orders/main/after", Some.Order(partner: "sara"));
    }

    static IEnumerable<(string Path, string Method, JsonObject Operation)> Operations(JsonObject document) =>
        from path in document["paths"]!.AsObject()
        from method in path.Value!.AsObject()
        where method.Value is JsonObject && method.Key != "parameters"
        select (path.Key, method.Key.ToUpperInvariant(), method.Value!.AsObject());

    static IEnumerable<Func<HttpRequestMessage>> Attacks((string Path, string Method, JsonObject Operation) operation, Dictionary<string, string?> ids)
    {
        var (path, method, description) = operation;
        var parameters = (description["parameters"]?.AsArray() ?? []).Select(p => (Name: (string)p!["name"]!, In: (string)p["in"]!)).ToList();
        string Right(string name) => name switch { "id" => ids[path.Split('/')[2]], "token" => ids[path.Split('/')[1]], _ => ids[name] } ?? "";
        string Address(string? hostile = null, string value = "") => parameters.Where(p => p.In == "path")
            .Aggregate(path, (filled, p) => filled.Replace($"{{{p.Name}}}", p.Name == hostile ? value : Right(p.Name), StringComparison.Ordinal));
        var body = Body(path, description);
        HttpRequestMessage Request(string address, byte[]? bytes, string? encoding = null, string type = "application/json") =>
            With(new HttpRequestMessage(new HttpMethod(method), new Uri(address, UriKind.Relative)), bytes, encoding, type);

        foreach (var (name, place) in parameters)
            foreach (var value in HostileValues.Url)
                if (place == "path")
                    yield return () => Request(Address(name, value), body is null ? null : Encoding.UTF8.GetBytes(body));
                else if (place == "query")
                    yield return () => Request($"{Address()}?{name}={value}", null);
        yield return () => Request($"{Address()}?{string.Join('&', parameters.Where(p => p.In == "query").Select(p => $"{p.Name}=1&{p.Name}=2&{p.Name}[]=3&{p.Name}"))}&=&%FF=%FF", null);
        if (body is null)
            yield break;
        foreach (var (bytes, encoding, type) in HostileValues.Bodies(body))
            yield return () => Request(Address(), bytes, encoding, type);
        foreach (var text in HostileValues.Variations(body))
            yield return () => Request(Address(), Encoding.UTF8.GetBytes(text));
        if (description["requestBody"]!["content"]!["application/x-www-form-urlencoded"] is not null)
            foreach (var text in HostileValues.Url)
                yield return () => Request(Address(), Encoding.ASCII.GetBytes(string.Join('&', JsonNode.Parse(body)!.AsObject().Select(m => $"{m.Key}={text}"))), null, "application/x-www-form-urlencoded");
    }

    /// <summary>A body that would be right: the document's example, with something in its empty objects.</summary>
    static string? Body(string path, JsonObject operation) => operation["requestBody"]?["content"] is not { } content ? null
        : path.EndsWith("/woocommerce", StringComparison.Ordinal) ? SomeDelivery.Order(1042).ToJsonString()
        : content["application/json"]?["example"]?.ToJsonString().Replace("{}", """{"utm_source":"sara"}""", StringComparison.Ordinal)
            ?? """{"name":"Sara","email":"sara@example.com","website":"https://sara.example/","code":"sara2","locale":"en","message":"Hello","accept_terms":"true"}""";

    static HttpRequestMessage With(HttpRequestMessage request, byte[]? body, string? encoding, string type)
    {
        if (body is null || request.Method == HttpMethod.Get)
            return request;
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        if (encoding is not null)
            request.Content.Headers.ContentEncoding.Add(encoding);
        request.Headers.TryAddWithoutValidation("X-WC-Webhook-Topic", "order.updated");
        request.Headers.TryAddWithoutValidation(WebhookSignature.Header, WebhookSignature.Sign(body, SomeDelivery.Secret));
        return request;
    }

    static async Task<string?> ComplaintAsync(HttpClient http, Func<HttpRequestMessage> attack, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var request = attack();
            try
            {
                using var response = await http.SendAsync(request, cancel);
                return Complaint(response, await response.Content.ReadAsStringAsync(cancel));
            }
            // The server closes a connection whose last request had a body it did not want to read to its end.
            catch (HttpRequestException) when (attempt <= 3)
            {
            }
        }
    }

    static string? Complaint(HttpResponseMessage response, string text)
    {
        var (status, type) = ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType);
        // The server itself refuses NUL in an address before it is an address.
        if (status < 400 || (status == 400 && text.Length == 0 && response.RequestMessage!.RequestUri!.AbsolutePath.Contains("%00", StringComparison.Ordinal)))
            return null;
        if (status >= 500)
            return $"{status} {text}";
        if (Leaks.FirstOrDefault(leak => text.Contains(leak, StringComparison.Ordinal)) is { } found)
            return $"{status} says {found}: {text}";
        // The signup form comes back with its errors beside the fields.
        if (type == "text/html" && response.RequestMessage!.RequestUri!.AbsolutePath == "/signup")
            return null;
        if (type != "application/problem+json" || JsonNode.Parse(text) is not JsonObject problem)
            return $"{status} is no problem but {type}: {text}";
        var complete = (int?)problem["status"] == status && new[] { "type", "title", "detail", "instance", "trace_id" }.All(m => !string.IsNullOrEmpty((string?)problem[m]));
        return complete && (status is 400 or 422) == problem.ContainsKey("errors") ? null : $"{status} lacks a member: {text}";
    }

    static string Shorter(string text) => text.Length > 700 ? text[..700] + "…" : text;
}
