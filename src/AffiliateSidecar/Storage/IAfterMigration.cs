namespace AffiliateSidecar.Storage;

/// <summary>What must be made once of rows from before a migration, where SQL alone cannot.</summary>
interface IAfterMigration
{
    /// <summary>Does nothing where it is done already; goes on where it was broken off.</summary>
    Task RunAsync(CancellationToken cancel);
}
