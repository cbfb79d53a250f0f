using System.Runtime.CompilerServices;
using AffiliateSidecar.Insights;
using AffiliateSidecar.Messages.Applications;
using AffiliateSidecar.Messages.Threads;
using AffiliateSidecar.Messages.Wake;

namespace AffiliateSidecar.Cli.Doctor;

/// <summary>A misspelt setting is ignored by the program, so somebody must say it.</summary>
static class ConfigurationCheckup
{
    static readonly Type[] Sections = [typeof(RoiSettings), typeof(ApplicationSettings), typeof(ThreadSettings), typeof(WakeSettings)];

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
        foreach (var mistake in Sections.Select(s => Mistake(services, s)).OfType<string>())
            yield return Diagnosis.Failure("configuration", mistake, "Correct it: the service does not start with it.");
    }

    /// <summary>What a section says of a value that cannot be; null: it can be read.</summary>
    static string? Mistake(IServiceProvider services, Type section)
    {
        try
        {
            services.GetRequiredService(section);
            return null;
        }
        catch (Exception e) when (e is InvalidDataException or InvalidOperationException && e.Message.Contains("Sidecar:", StringComparison.Ordinal))
        {
            return e.Message;
        }
    }
}
