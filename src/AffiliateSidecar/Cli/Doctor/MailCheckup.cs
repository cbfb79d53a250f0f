using System.Runtime.CompilerServices;
using AffiliateSidecar.Http;
using AffiliateSidecar.Messages;
using AffiliateSidecar.Storage;

namespace AffiliateSidecar.Cli.Doctor;

/// <summary>Whether the mail server lets us in, and whether mails wait.</summary>
static class MailCheckup
{
    public static async IAsyncEnumerable<Diagnosis> RunAsync(IServiceProvider services, [EnumeratorCancellation] CancellationToken cancel)
    {
        var (settings, mistake) = Settings(services);
        if (settings is null)
        {
            yield return Diagnosis.Failure("mail", mistake, "Correct it: the service does not start with it.");
            yield break;
        }
        if (settings.Host is not null)
            yield return await ConnectAsync(settings, cancel);
        // Tables of an older program, or none: the checkup of the database says so.
        if (!DatabaseCheckup.IsUpToDate(services.GetRequiredService<Migrator>()))
            yield break;
        var (condition, sentence) = await ActivatorUtilities.CreateInstance<MailCheck>(services).CheckAsync(cancel);
        if (settings.Host is null)
            yield return Diagnosis.Warning("mail", sentence, "Set Sidecar:Mail:Host and Sidecar:Mail:From, with User and Password where the server asks for them.");
        else
            yield return condition == Condition.Ok ? Diagnosis.Well("mail queue", sentence)
                : Diagnosis.Warning("mail queue", sentence, $"{CommandLine.Name} mail test --to you@…, and GET /v1/mails?status=queued: each says why it waits.");
    }

    static (MailSettings? Settings, string Mistake) Settings(IServiceProvider services)
    {
        try
        {
            return (services.GetRequiredService<MailSettings>(), "");
        }
        catch (Exception e) when (e is InvalidDataException or InvalidOperationException && e.Message.Contains("Sidecar:", StringComparison.Ordinal))
        {
            return (null, e.Message);
        }
    }

    static async Task<Diagnosis> ConnectAsync(MailSettings settings, CancellationToken cancel)
    {
        await using var line = new MailLine(settings);
        try
        {
            await line.OpenAsync(cancel);
            return Diagnosis.Well("mail", $"The mail server {settings.Host}:{settings.Port} lets us in.");
        }
        catch (MailServerException e)
        {
            return Diagnosis.Warning("mail", e.Message, "Check Host, Port, Tls, User and Password under Sidecar:Mail.");
        }
    }
}
