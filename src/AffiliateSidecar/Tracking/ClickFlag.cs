namespace AffiliateSidecar.Tracking;

/// <summary>Why a click is not payable. All are answered alike, so that nobody learns how to look like a person.</summary>
static class ClickFlag
{
    /// <summary>Empty: the click counts.</summary>
    public const string None = "";

    public const string Bot = "bot", Prefetch = "prefetch", Head = "head", Duplicate = "duplicate";

    static readonly string[] PurposeHeaders = ["Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"];

    /// <summary>What the request says of itself; whether it repeats another is for <see cref="RecentClicks"/>.</summary>
    public static string Of(HttpRequest request, Agent agent) =>
        agent.IsBot ? Bot
        : HttpMethods.IsHead(request.Method) ? Head
        : IsAhead(request.Headers) ? Prefetch
        : None;

    /// <summary>The browser, or a mail or chat program, fetches ahead of a person who may never come.</summary>
    static bool IsAhead(IHeaderDictionary headers)
    {
        foreach (var name in PurposeHeaders)
            if (headers.TryGetValue(name, out var values) && values.ToString() is var purpose
                && (purpose.Contains("prefetch", StringComparison.OrdinalIgnoreCase) || purpose.Contains("prerender", StringComparison.OrdinalIgnoreCase)
                    || purpose.Contains("preview", StringComparison.OrdinalIgnoreCase)))
                return true;
        return false;
    }
}
