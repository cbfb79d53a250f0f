using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;

namespace AffiliateSidecar.Http;

/// <summary>A message of ours about a JSON value, meant for the caller. Other exceptions of the reader speak of .NET and are translated.</summary>
sealed class JsonMistakeException(string message) : JsonException(message);

/// <summary>
/// Says in the caller's words what the framework found wrong with a request. The framework offers these facts only as English
/// sentences, so they are recognised by their text; one that is not recognised becomes a general sentence, never a leak.
/// </summary>
static partial class CallerMistake
{
    const string NoBody = "The request needs a JSON body.";

    public static HttpValidationProblemDetails Invalid(string member, string message) => Invalid([(member, message)]);

    public static ProblemDetails Of(JsonException json)
    {
        var member = Member(json.Path);
        var text = json.Message;
        if (json is JsonMistakeException)
            return Invalid(member, text);
        if (text.Contains("maximum configured depth", StringComparison.Ordinal))
            return Invalid("body", $"The JSON is nested deeper than {Json.Options.MaxDepth} levels.");
        if (json.InnerException is JsonException)
            return Invalid("body", $"This is not valid JSON: see line {json.LineNumber + 1}, byte {json.BytePositionInLine + 1}.");
        if (text.Contains("missing required properties", StringComparison.Ordinal))
            return Invalid([.. Quoted().Matches(text[text.IndexOf("including:", StringComparison.Ordinal)..])
                .Select(m => (member == "body" ? m.Groups[1].Value : $"{member}.{m.Groups[1].Value}", "This member is required."))]);
        if (NotNull().Match(text) is { Success: true } isNull)
            return Invalid(json.Path?.EndsWith(isNull.Groups[1].Value, StringComparison.Ordinal) == true || member == isNull.Groups[1].Value ? member
                : member == "body" ? isNull.Groups[1].Value : $"{member}.{isNull.Groups[1].Value}", "This member cannot be null.");
        return Invalid(member, NotConverted().Match(text) is { Success: true } type ? Expected(type.Groups[1].Value) : "The value has the wrong JSON type.");
    }

    public static ProblemDetails Of(BadHttpRequestException bad)
    {
        if (bad.StatusCode != 400)
            return new ProblemDetails { Status = bad.StatusCode };
        if (NotBound().Match(bad.Message) is { Success: true } bound)
            return Invalid(ProblemWriter.JsonName(bound.Groups["name"].Value), ExpectedText(bound.Groups["type"].Value));
        if (NotProvided().Match(bad.Message) is { Success: true } missing)
            return missing.Groups["source"].Value.Contains("body", StringComparison.Ordinal)
                ? Invalid("body", NoBody)
                : Invalid(ProblemWriter.JsonName(missing.Groups["name"].Value), "This member is required.");
        return bad.Message.Contains("no body was provided", StringComparison.Ordinal)
            ? Invalid("body", NoBody)
            : new ProblemDetails { Status = 400 };
    }

    /// <summary>
    /// An optional member of the address that cannot be read: compiled endpoints answer 400 without a word, so it is looked for. Null where there is none.
    /// </summary>
    public static ProblemDetails? InAddress(HttpContext http)
    {
        foreach (var parameter in http.GetEndpoint()?.Metadata.GetOrderedMetadata<IParameterBindingMetadata>().Where(p => p.HasTryParse) ?? [])
        {
            var type = Nullable.GetUnderlyingType(parameter.ParameterInfo.ParameterType) ?? parameter.ParameterInfo.ParameterType;
            var text = http.Request.RouteValues[parameter.Name] as string ?? http.Request.Query[parameter.Name].ToString();
            if (text.Length > 0 && type.GetInterface(typeof(IParsable<>).Name) is not null && !(bool)Parses.MakeGenericMethod(type).Invoke(null, [text])!)
                return Invalid(ProblemWriter.JsonName(parameter.Name), ExpectedText(type.Name));
        }
        return null;
    }

    static readonly MethodInfo Parses = typeof(CallerMistake).GetMethod(nameof(IsReadable), BindingFlags.NonPublic | BindingFlags.Static)!;

    static bool IsReadable<T>(string text) where T : IParsable<T> => T.TryParse(text, CultureInfo.InvariantCulture, out _);

    static HttpValidationProblemDetails Invalid(IReadOnlyCollection<(string Member, string Message)> errors) =>
        new(errors.DistinctBy(e => e.Member).ToDictionary(e => e.Member, e => new[] { e.Message })) { Status = 400 };

    /// <summary><c>$.lines[0].total</c> is <c>lines[0].total</c>; the document itself is <c>body</c>.</summary>
    static string Member(string? path) => path is null or "$" ? "body" : path.TrimStart('$', '.');

    static string Expected(string type)
    {
        if (typeof(CallerMistake).Assembly.GetType(type) is { IsEnum: true } words)
            return $"Expected one of: {string.Join(", ", Enum.GetNames(words).Select(JsonNamingPolicy.SnakeCaseLower.ConvertName))}.";
        return type switch
        {
            _ when type.Contains("Collections", StringComparison.Ordinal) && type.Contains("Dictionary", StringComparison.Ordinal) => "Expected an object.",
            _ when type.Contains("Collections", StringComparison.Ordinal) || type.EndsWith("[]", StringComparison.Ordinal) => "Expected a list.",
            _ when type.Contains("System.String", StringComparison.Ordinal) => "Expected a string.",
            _ when type.Contains("Boolean", StringComparison.Ordinal) => "Expected true or false.",
            _ when type.Contains("Int", StringComparison.Ordinal) => "Expected a whole number, not in quotes.",
            _ when type.Contains("System.Decimal", StringComparison.Ordinal) || type.Contains("Double", StringComparison.Ordinal) => "Expected a number, not in quotes.",
            _ when type.StartsWith(nameof(AffiliateSidecar), StringComparison.Ordinal) => "Expected an object.",
            _ => "The value has the wrong JSON type.",
        };
    }

    /// <summary>The same for the text of a query member or a part of the path.</summary>
    static string ExpectedText(string type) => type switch
    {
        _ when type.Contains("Int", StringComparison.OrdinalIgnoreCase) || type.Contains("long", StringComparison.Ordinal) => "Expected a whole number.",
        _ when type.Contains("bool", StringComparison.OrdinalIgnoreCase) => "Expected true or false.",
        _ when type.Contains("Date", StringComparison.Ordinal) => "Expected a time such as 2026-11-23T07:47:00Z.",
        _ when type.Contains("decimal", StringComparison.OrdinalIgnoreCase) || type.Contains("double", StringComparison.OrdinalIgnoreCase) => "Expected a number.",
        _ => "The value cannot be understood.",
    };

    [GeneratedRegex("'([^']+)'")]
    private static partial Regex Quoted();

    [GeneratedRegex("'([^']+)' on type '[^']+' doesn't allow")]
    private static partial Regex NotNull();

    [GeneratedRegex(@"could not be converted to (\S+?)\.? (?:Path|$)|could not be converted to (\S+)")]
    private static partial Regex NotConverted();

    [GeneratedRegex("^Failed to bind parameter \"(?<type>.+) (?<name>[^ ]+)\" from ")]
    private static partial Regex NotBound();

    [GeneratedRegex("^Required parameter \"(?<type>.+) (?<name>[^ ]+)\" was not provided from (?<source>.*)\\.$")]
    private static partial Regex NotProvided();
}
