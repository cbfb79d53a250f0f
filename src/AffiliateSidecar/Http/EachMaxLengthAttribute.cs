using System.ComponentModel.DataAnnotations;

namespace AffiliateSidecar.Http;

/// <summary>A list of texts that are each this long at most, and not empty.</summary>
[AttributeUsage(AttributeTargets.Property)]
sealed class EachMaxLengthAttribute(int most) : ValidationAttribute($"Each is 1 to {most} characters.")
{
    public override bool IsValid(object? value) => value is null
        || (value is IEnumerable<string> texts && texts.All(t => t.Length <= most && !string.IsNullOrWhiteSpace(t)));
}
