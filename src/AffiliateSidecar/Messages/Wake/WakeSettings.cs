namespace AffiliateSidecar.Messages.Wake;

/// <summary>The section <c>Sidecar:Wake</c>.</summary>
sealed class WakeSettings
{
    public WakeSettings(IConfiguration configuration)
    {
        var section = configuration.GetSection("Sidecar:Wake");
        (Mails, Retires) = (section["Mode"] ?? "off").ToLowerInvariant() switch
        {
            "off" => (false, false),
            "mail" => (true, false),
            "retire" => (true, true),
            var other => throw new InvalidDataException($"Sidecar:Wake:Mode is '{other}', which is none of off, mail and retire."),
        };
    }

    /// <summary>Partners who have never begun or have gone cold are written to.</summary>
    public bool Mails { get; }

    /// <summary>The links of those who stay silent come to rest.</summary>
    public bool Retires { get; }
}
