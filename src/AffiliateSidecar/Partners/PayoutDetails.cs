using System.Text.Json;
using AffiliateSidecar.Http;
using Microsoft.AspNetCore.DataProtection;

namespace AffiliateSidecar.Partners;

/// <summary>Bank and wallet details leave this class encrypted.</summary>
sealed class PayoutDetails(IDataProtectionProvider protection)
{
    readonly IDataProtector protector = protection.CreateProtector("payout-details");

    public string? Protect(IReadOnlyDictionary<string, string>? details) =>
        details is null ? null : protector.Protect(JsonSerializer.Serialize(details, Json.Options));
}
