namespace AffiliateSidecar.ProvingGround;

/// <summary>What is asked for; everything else about a program is drawn from the seed.</summary>
public sealed record ProgramOptions
{
    public int Seed { get; init; } = 1;

    public int Partners { get; init; } = 60;

    public int Days { get; init; } = 60;

    /// <summary>0: nobody cheats, and the honest rows are the same as with cheats.</summary>
    public double CheatShare { get; init; } = 0.15;

    /// <summary>Only these kinds of cheating; null for all that make sense in the program.</summary>
    public IReadOnlyList<string>? Kinds { get; init; }

    /// <summary>Multiplies the honest clicks.</summary>
    public double Traffic { get; init; } = 1;

    /// <summary>Only this strength: low, mid or high.</summary>
    public string? Strength { get; init; }
}
