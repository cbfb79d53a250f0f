namespace AffiliateSidecar.Cli.Doctor;

/// <summary>What the doctor says of one thing.</summary>
/// <param name="Check">What was looked at.</param>
/// <param name="Status"><c>ok</c>, <c>warn</c> or <c>fail</c>.</param>
/// <param name="Found">One sentence.</param>
/// <param name="Mend">What to do; null where all is well.</param>
sealed record Diagnosis(string Check, string Status, string Found, string? Mend)
{
    public const string Ok = "ok", Warn = "warn", Fail = "fail";

    public static Diagnosis Well(string check, string found) => new(check, Ok, found, null);

    public static Diagnosis Warning(string check, string found, string mend) => new(check, Warn, found, mend);

    public static Diagnosis Failure(string check, string found, string mend) => new(check, Fail, found, mend);
}

