using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.RegularExpressions;
using AffiliateSidecar.Http;
using AffiliateSidecar.Storage;
using Microsoft.AspNetCore.DataProtection;

namespace AffiliateSidecar.Partners;

/// <summary>How a partner is paid.</summary>
static class PayoutMethod
{
    public const string Sepa = "sepa", PayPal = "paypal", Paya = "paya", Manual = "manual";

    public static readonly IReadOnlyList<string> All = [Sepa, PayPal, Paya, Manual];
}

/// <summary>
/// Where a partner wants to be paid: checked, and encrypted where they are kept. Members: <c>method</c>, <c>iban</c>, <c>bic</c>, <c>sheba</c>,
/// <c>paypal</c> (an e-mail address), <c>account_name</c>; anything else is kept for whoever pays by hand.
/// </summary>
sealed partial class PayoutDetails(IDataProtectionProvider protection, PersonalData personal)
{
    /// <summary>A changed account is not paid to before: whoever took an account over is found out in the meantime.</summary>
    public static readonly TimeSpan Wait = TimeSpan.FromDays(7);

    const int MostMembers = 20, LongestValue = 500;

    readonly IDataProtector protector = protection.CreateProtector("payout-details");

    /// <summary>The details as they are kept, or what is wrong with them, by member.</summary>
    public static (Dictionary<string, string> Details, Dictionary<string, string[]> Mistakes) Check(IReadOnlyDictionary<string, string> given)
    {
        var details = new Dictionary<string, string>(StringComparer.Ordinal);
        var mistakes = new Dictionary<string, string[]>();
        void Wrong(string member, string sentence) => mistakes[$"payout.{member}"] = [sentence];
        if (given.Count > MostMembers || given.Any(m => m.Key.Length > 60 || m.Value.Length > LongestValue))
            mistakes["payout"] = [$"At most {MostMembers} members of {LongestValue} characters."];
        foreach (var (name, value) in given.Where(m => !string.IsNullOrWhiteSpace(m.Value)))
            details[name == "paypal_email" ? "paypal" : name] = name is "iban" or "sheba" or "bic" ? Iban.Normalise(value) : value.Trim();
        // A Sheba is an IBAN, and is paid by Paya whatever it is called.
        if (details.GetValueOrDefault("iban") is { } iranian && iranian.StartsWith("IR", StringComparison.Ordinal) && details.Remove("iban"))
            details["sheba"] = iranian;
        if (details.GetValueOrDefault("sheba") is { } digits && char.IsAsciiDigit(digits[0]))
            details["sheba"] = "IR" + digits;
        if (details.GetValueOrDefault("iban") is { } iban && Iban.Mistake(iban) is { } inIban)
            Wrong("iban", inIban);
        if (details.GetValueOrDefault("sheba") is { } sheba && (sheba.StartsWith("IR", StringComparison.Ordinal) ? Iban.Mistake(sheba) : "A Sheba is IR and 24 digits.") is { } inSheba)
            Wrong("sheba", inSheba);
        if (details.GetValueOrDefault("bic") is { } bic && !Bic().IsMatch(bic))
            Wrong("bic", "A BIC has 8 or 11 characters: COBADEFFXXX.");
        if (details.GetValueOrDefault("paypal") is { } paypal && (!new EmailAddressAttribute().IsValid(paypal) || !char.IsAsciiLetterOrDigit(paypal[0]) || paypal.AsSpan().ContainsAny(",\"\r\n ")))
            Wrong("paypal", "The e-mail address of a PayPal account.");
        CheckMethod(details, Wrong);
        return (details, mistakes);
    }

    static void CheckMethod(Dictionary<string, string> details, Action<string, string> wrong)
    {
        string[] possible = [.. new[] { ("iban", PayoutMethod.Sepa), ("paypal", PayoutMethod.PayPal), ("sheba", PayoutMethod.Paya) }
            .Where(m => details.ContainsKey(m.Item1)).Select(m => m.Item2)];
        if (details.GetValueOrDefault("method") is not { } method)
        {
            if (possible.Length > 1)
                wrong("method", $"Say which of these is to be paid: {string.Join(", ", possible)}.");
            else
                details["method"] = possible.FirstOrDefault() ?? PayoutMethod.Manual;
        }
        else if (!PayoutMethod.All.Contains(method))
            wrong("method", $"One of {string.Join(", ", PayoutMethod.All)}.");
        else if (method != PayoutMethod.Manual && !possible.Contains(method))
            wrong(method switch { PayoutMethod.Sepa => "iban", PayoutMethod.Paya => "sheba", _ => "paypal" }, $"Needed for {method}.");
    }

    public string? Protect(IReadOnlyDictionary<string, string>? details) =>
        details is null ? null : protector.Protect(JsonSerializer.Serialize(details, Json.Options));

    public Dictionary<string, string> Unprotect(string text) => JsonSerializer.Deserialize<Dictionary<string, string>>(protector.Unprotect(text), Json.Options)!;

    /// <summary>A row to be kept.</summary>
    /// <param name="text">As <see cref="Protect"/> has made it.</param>
    public PayoutDetailsRow Row(int partner, string text, string actor, DateTimeOffset now, DateTimeOffset usableFrom)
    {
        var (details, _) = Check(Unprotect(text));
        var account = details.GetValueOrDefault("iban") ?? details.GetValueOrDefault("sheba") ?? details.GetValueOrDefault("paypal")?.ToLowerInvariant();
        return new()
        {
            PartnerId = partner, Method = details.GetValueOrDefault("method") ?? PayoutMethod.Manual, Details = text, Account = Masked(account),
            AccountKey = personal.Hash("payout:" + (account ?? string.Join('\n', details.OrderBy(d => d.Key, StringComparer.Ordinal).Select(d => $"{d.Key}={d.Value}")))),
            Actor = actor, CreatedAt = now, UsableFrom = usableFrom,
        };
    }

    static string Masked(string? account) => account is null ? "" : account.Length < 10 ? "…" : $"{account[..4]}…{account[^4..]}";

    [GeneratedRegex("^[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?$")]
    private static partial Regex Bic();
}
