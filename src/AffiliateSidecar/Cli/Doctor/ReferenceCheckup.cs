using System.Runtime.CompilerServices;
using AffiliateSidecar.ReferenceData;

namespace AffiliateSidecar.Cli.Doctor;

/// <summary>The reference data are there, whole, and not too old. Without them the service runs on and knows less.</summary>
static class ReferenceCheckup
{
    static readonly TimeSpan Old = TimeSpan.FromDays(365);

    public static async IAsyncEnumerable<Diagnosis> RunAsync(IServiceProvider services, [EnumeratorCancellation] CancellationToken cancel)
    {
        await Task.CompletedTask;
        var today = DateOnly.FromDateTime(services.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime);
        foreach (var file in services.GetRequiredService<ReferenceFiles>().All)
            yield return Look(file, today);
    }

    static Diagnosis Look(ReferenceFile file, DateOnly today)
    {
        var check = $"data {file.Name}";
        var state = file.State;
        var update = $"{CommandLine.Name} data update";
        if (state.Origin == Origin.Missing)
            return Diagnosis.Warning(check, $"There are none: {state.Problem ?? $"{file.File} is missing."} The service does without ({file.About}).", update);
        var age = state.Date is { } date ? today.DayNumber - date.DayNumber : 0;
        var found = $"{(state.Manifest is { } m ? $"Version {m.Version}" : "No version")}{(state.Date is { } day ? $" of {day:yyyy-MM-dd}, {age} days old" : "")}, {Origins.Word(state)}.";
        return state.Problem is { } problem ? Diagnosis.Warning(check, $"{found} {problem}", update)
            : age > Old.TotalDays ? Diagnosis.Warning(check, found, file.IsFetched ? update : "Install a newer version of this program, which brings newer ones, or keep a list of your own.")
            : Diagnosis.Well(check, found);
    }
}
