namespace AffiliateSidecar.Http;

/// <summary>Template folders of the plugins, absolute. Their files come before the shipped ones of the same name, an earlier folder's before a later one's.</summary>
sealed record PluginTemplates(IReadOnlyList<string> Folders);
