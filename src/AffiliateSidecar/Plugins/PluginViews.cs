namespace AffiliateSidecar.Plugins;

/// <summary>How a plugin or one of its parts does.</summary>
static class PluginStatus
{
    public const string Ok = "ok";

    /// <summary>It could not be loaded: none of its parts is used.</summary>
    public const string Failed = "failed";

    /// <summary>It hung, or failed too often in a row: it is not asked again until the next start.</summary>
    public const string CutOff = "cut_off";
}

/// <summary>A plugin of the plugin folder.</summary>
/// <param name="Name">Its folder's name.</param>
/// <param name="Status"><c>ok</c>; <c>failed</c>: it could not be loaded; <c>cut_off</c>: a part of it is not asked any more.</param>
/// <param name="Error">What went wrong when it was loaded.</param>
/// <param name="Version">Version of its assembly.</param>
/// <param name="ExtensionPoints">What it adds.</param>
/// <example>{"name":"Launch","status":"ok","error":null,"version":"1.0.0","extension_points":[{"kind":"commission_rule","id":"launch-bonus","status":"ok","error":null,"calls":120,"failures":0}]}</example>
public sealed record PluginView(string Name, string Status, string? Error, string? Version, IReadOnlyList<ExtensionPointView> ExtensionPoints)
{
    internal static PluginView Of(LoadedPlugin plugin)
    {
        ExtensionPointView[] points =
        [
            .. plugin.Signals.Select(s => ExtensionPointView.Of("fraud_signal", s.Id, s.Guard)),
            .. plugin.Rules.Select(r => ExtensionPointView.Of("commission_rule", r.Id, r.Guard)),
            .. plugin.Files.Select(f => ExtensionPointView.Of("payout_file", f.Id, f.Guard)),
            .. plugin.TemplateFolders.Select(f => new ExtensionPointView("templates", Path.GetFileName(f), PluginStatus.Ok, null, 0, 0)),
        ];
        var status = plugin.Error is not null ? PluginStatus.Failed
            : points.Any(p => p.Status == PluginStatus.CutOff) ? PluginStatus.CutOff : PluginStatus.Ok;
        return new(plugin.Name, status, plugin.Error, plugin.Version, points);
    }
}

/// <summary>One thing that a plugin adds.</summary>
/// <param name="Kind"><c>fraud_signal</c>, <c>commission_rule</c>, <c>payout_file</c> or <c>templates</c>.</param>
/// <param name="Id">The part's id, or the folder's name.</param>
/// <param name="Status"><c>ok</c> or <c>cut_off</c>.</param>
/// <param name="Error">What went wrong last.</param>
/// <param name="Calls">How often it was asked since the start.</param>
/// <param name="Failures">How many of these calls failed; each was skipped.</param>
/// <example>{"kind":"commission_rule","id":"launch-bonus","status":"ok","error":null,"calls":120,"failures":0}</example>
public sealed record ExtensionPointView(string Kind, string Id, string Status, string? Error, long Calls, long Failures)
{
    internal static ExtensionPointView Of(string kind, string id, Guard guard) =>
        new(kind, id, guard.IsCutOff ? PluginStatus.CutOff : PluginStatus.Ok, guard.Error, guard.Calls, guard.Failures);
}
