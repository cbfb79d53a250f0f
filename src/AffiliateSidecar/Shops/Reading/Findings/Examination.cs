using System.Collections.Concurrent;
using AffiliateSidecar.Http;
using MySqlConnector;

namespace AffiliateSidecar.Shops.Reading.Findings;

/// <summary>What the steps of a check know of each other: the shop, its connection string, its account, and what was found so far.</summary>
sealed class Examination
{
    readonly ConcurrentQueue<ShopFinding> found = [];

    Examination(ShopSettings shop, MySqlConnectionStringBuilder connection) =>
        (Shop, Connection, Account) = (shop, connection, new ReadOnlyAccount(shop, connection));

    public ShopSettings Shop { get; }

    /// <summary>As the owner wrote it, with an end to waiting.</summary>
    public MySqlConnectionStringBuilder Connection { get; }

    public ReadOnlyAccount Account { get; }

    public IReadOnlyList<ShopFinding> Found => [.. found];

    /// <summary>For messages: without user and password.</summary>
    public string Where => $"{Connection.Server}:{Connection.Port}";

    public static Examination? Begin(ShopSettings shop, out ShopFinding? refused)
    {
        refused = null;
        MySqlConnectionStringBuilder? connection = null;
        try
        {
            connection = new MySqlConnectionStringBuilder(shop.ConnectionString ?? "") { Pooling = false, ConnectionTimeout = 4, DefaultCommandTimeout = 4 };
            _ = ShopDb.OptionsFor(shop);
        }
        catch (ArgumentException)
        {
            // The driver's sentence repeats what it does not understand, which may be a piece of the password.
            refused = new("settings", ShopFinding.Failed, $"Sidecar:Shops:{shop.Name}:ConnectionString is not a connection string.",
                "Write it like this: Server=127.0.0.1;User ID=affiliate_sidecar;Password='…';Database=…; a password with ; or = in it needs the quotes.");
        }
        catch (InvalidDataException e)
        {
            refused = new("settings", ShopFinding.Failed, e.Message, "Correct it.");
        }
        if (connection is not null && refused is null && Lacking(connection) is { } lacking)
            refused = new("settings", ShopFinding.Failed, $"Sidecar:Shops:{shop.Name}:ConnectionString has no {lacking}.",
                "Write it like this: Server=127.0.0.1;User ID=affiliate_sidecar;Password='…';Database=….");
        return refused is null ? new(shop, connection!) : null;
    }

    static string? Lacking(MySqlConnectionStringBuilder connection) =>
        connection.Server.Length == 0 ? "Server" : connection.UserID.Length == 0 ? "User ID" : connection.Database.Length == 0 ? "Database" : null;

    /// <summary>The full name of a setting of this shop.</summary>
    public string Setting(string name) => $"Sidecar:Shops:{Shop.Name}:{name}";

    public void Well(string name, string what) => found.Enqueue(new(name, ShopFinding.Ok, what, null));

    public void Warn(string name, string what, string mend) => found.Enqueue(new(name, ShopFinding.Warn, what, mend));

    public void Failed(string name, string what, string mend) => found.Enqueue(new(name, ShopFinding.Failed, what, mend));
}
