namespace AffiliateSidecar.Http;

/// <summary>
/// Somebody else's id: any text without control characters. No spaces at its ends, because databases differ in whether those count: one
/// would take <c>"7 "</c> for another order than <c>"7"</c> and the next for the same.
/// </summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
sealed class ExternalIdAttribute() : PatternAttribute(@"^[^\s\p{Cc}]([^\p{Cc}]{0,98}[^\s\p{Cc}])?$")
{
    public override string FormatErrorMessage(string name) => "1 to 100 characters, no control characters, no spaces at the ends.";
}
