using System.Runtime.CompilerServices;

namespace AffiliateSidecar.Cli.Doctor;

/// <summary>A misspelt setting is ignored by the program, so somebody must say it.</summary>
static class ConfigurationCheckup
{
    public static async IAsyncEnumerable<Diagnosis> RunAsync(IServiceProvider services, [EnumeratorCancellation] CancellationToken cancel)
    {
        await Task.CompletedTask;
        var configuration = services.GetRequiredService<IConfiguration>();
        var unknown = configuration.GetSection("Sidecar").AsEnumerable().Where(s => s.Value is not null).Select(s => s.Key)
            .Where(k => !Setting.IsKnown(k)).Order(StringComparer.OrdinalIgnoreCase).ToList();
        foreach (var name in unknown)
            yield return Diagnosis.Warning("configuration", $"The setting {name} is not known and has no effect.",
                Setting.Like(name) is { } like ? $"Did you mean {like}?" : "The README lists the settings.");
        if (unknown.Count == 0)
            yield return Diagnosis.Well("configuration", "Every Sidecar setting is known.");
    }
}
