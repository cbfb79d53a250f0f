using System.Globalization;

namespace AffiliateSidecar.ReferenceData;

/// <summary>
/// Which network operators rent out machines: by number where they are known, else by the words of their names. Whoever also connects
/// homes or offices is none: a person in their network would be taken for a machine.
/// </summary>
sealed class HostingOperators
{
    public static HostingOperators None { get; } = new([]);

    readonly Dictionary<uint, bool> numbers;
    readonly string[] words;
    readonly string[] notWords;

    HostingOperators(IEnumerable<string> lines)
    {
        var byNumber = new Dictionary<uint, bool>();
        List<string> any = [], none = [];
        foreach (var line in lines)
        {
            var parts = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            var not = parts[0] == "not";
            if (not)
                parts = parts[1..];
            if (parts is ["name", _, ..])
                // Between quotes a blank stands for the beginning or end of a word.
                (not ? none : any).Add(line[(line.IndexOf("name ", StringComparison.Ordinal) + 5)..].Trim().Trim('"').ToLowerInvariant());
            else if (parts is [{ Length: > 2 } number, ..] && number.StartsWith("AS", StringComparison.Ordinal)
                && uint.TryParse(number.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out var asn))
                byNumber[asn] = !not;
            else
                throw new InvalidDataException($"the line '{line}' is neither '[not] AS…' nor '[not] name …'.");
        }
        (numbers, words, notWords) = (byNumber, [.. any], [.. none]);
    }

    public int Count => numbers.Count + words.Length + notWords.Length;

    public static HostingOperators Read(Stream stream) => new(TextLines.Of(stream));

    public bool Contains(uint number, string name)
    {
        if (numbers.TryGetValue(number, out var known))
            return known;
        var text = string.Concat(name.ToLowerInvariant().Select(c => char.IsLetterOrDigit(c) ? c : ' ').Prepend(' ').Append(' '));
        return Array.Exists(words, w => text.Contains(w, StringComparison.Ordinal)) && !Array.Exists(notWords, w => text.Contains(w, StringComparison.Ordinal));
    }
}
