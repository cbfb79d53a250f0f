using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;

namespace AffiliateSidecar.Http;

/// <summary>A text that follows the pattern, or is absent. The framework's own attribute lets an empty text pass whatever the pattern says.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
class PatternAttribute([StringSyntax(StringSyntaxAttribute.Regex)] string pattern) : RegularExpressionAttribute(pattern)
{
    public override bool IsValid(object? value) => value is not "" && base.IsValid(value);
}
