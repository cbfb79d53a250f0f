using AffiliateSidecar.Storage;
using AffiliateSidecar.Templates;

namespace AffiliateSidecar.Messages.Digest;

/// <summary>Something that the owner is to decide.</summary>
/// <param name="Kind">Of its source.</param>
/// <param name="Subject">What it is about, in characters that stand in an address.</param>
/// <param name="Title">The question, in one line.</param>
/// <param name="Why">What speaks for the recommended answer.</param>
sealed record OpenDecision(string Kind, string Subject, string Title, string Why)
{
    /// <summary>What the buttons do, by their texts under <c>decisions.answers</c>; the first is the recommended one.</summary>
    public required IReadOnlyList<string> Answers { get; init; }

    /// <summary>What is at stake, in minor units of the program's currency, and how that is known.</summary>
    public required long MoneyMinor { get; init; }
    public required string MoneyBasis { get; init; }

    /// <summary>1: it can wait; 3: each day costs something.</summary>
    public required double Urgency { get; init; }
    public required double Minutes { get; init; }

    /// <summary>Where it can be worked on; null: its own page has all.</summary>
    public Uri? Page { get; init; }

    /// <summary>What a minute of the owner's saves. Never nothing: what has no price is ordered by its urgency.</summary>
    public double Score => Math.Max(1, MoneyMinor) * Urgency / Minutes;

    /// <summary>Urgency by the days that something waits.</summary>
    public static double UrgencyOf(TimeSpan age) => age.TotalDays >= 14 ? 3 : age.TotalDays >= 7 ? 2 : age.TotalDays >= 3 ? 1.5 : 1;
}

/// <summary>What every source goes by.</summary>
/// <param name="Now">The time.</param>
/// <param name="Currency">The program's.</param>
/// <param name="AverageMonthMinor">Net sales of the last 30 days of an average approved partner.</param>
/// <param name="Language">The owner's.</param>
sealed record DigestContext(DateTimeOffset Now, string Currency, long AverageMonthMinor, Language Language)
{
    /// <summary>A text of <c>decisions</c> in the language file, such as <c>payout.title</c>.</summary>
    public string Text(string key, params IReadOnlyList<(string Name, string Value)> values) =>
        new Wording(Language, values.ToDictionary(v => v.Name, v => Apart(v.Value), StringComparer.Ordinal))[$"decisions.{key}"];

    /// <summary>A name or address in Latin letters keeps its own direction within a sentence from right to left.</summary>
    string Apart(string value) => Language.Direction == "rtl" && value.Any(char.IsAsciiLetter) ? $"\u2068{value}\u2069" : value;

    public string Answer(string id) => Text($"answers.{id}");

    public string Say(long minor) => Language.Of(new Money(minor, Currency));

    public string Say(DateTimeOffset day) => Language.Date(day);

    public string Number(long number) => Language.Number(number);
}

/// <summary>Finds decisions of one kind, carries an answer out and takes it back.</summary>
interface IDecisionSource
{
    string Kind { get; }

    /// <summary>The few that are worth most.</summary>
    Task<IReadOnlyList<OpenDecision>> FindAsync(SidecarDb db, DigestContext context, CancellationToken cancel);

    /// <returns>What it takes to undo it; null: it was decided otherwise meanwhile, and nothing is done.</returns>
    Task<string?> ActAsync(string subject, string answer, CancellationToken cancel);

    /// <returns>False: it has gone too far.</returns>
    Task<bool> UndoAsync(string subject, string note, CancellationToken cancel);
}
