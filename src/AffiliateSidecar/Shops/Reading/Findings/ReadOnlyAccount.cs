using System.Net;
using System.Net.Sockets;
using AffiliateSidecar.Http;
using MySqlConnector;

namespace AffiliateSidecar.Shops.Reading.Findings;

/// <summary>The account that is to read the shop, as far as it is known by now, and the statements that make it.</summary>
sealed class ReadOnlyAccount(ShopSettings shop, MySqlConnectionStringBuilder connection)
{
    // Nobody shall believe that a password was read from somewhere.
    const string Password = "'…choose one…'";

    readonly HashSet<string> missing = [];
    string? host;
    bool withheld;

    public string User { get; private set; } = connection.UserID;

    /// <summary>Where the server sees us come from, or what it will most likely see.</summary>
    public string Host
    {
        get => host ??= GuessHost();
        set => host = value;
    }

    public string Prefix { get; set; } = shop.TablePrefix;

    /// <summary>For statements.</summary>
    public string Quoted => Sql.Account(User, Host);

    /// <summary>A right on a table that is not there cannot be granted.</summary>
    public void Misses(IEnumerable<string> tables)
    {
        Doubt = null;
        missing.Clear();
        missing.UnionWith(tables);
    }

    /// <summary>What an owner must know before he runs the statements. Until somebody has looked, nobody knows which tables there are.</summary>
    public string? Doubt { get; private set; } = $"Nobody could look yet whether '{connection.Database}' has these tables. If the server says that one does not exist, "
        + $"look for the right prefix with SHOW TABLES LIKE '%{(shop.Kind == "woocommerce" ? "woocommerce\\_order\\_items" : "order\\_lines")}'; it belongs into Sidecar:Shops:{shop.Name}:TablePrefix.";

    /// <summary>No statement would be right: there are no such tables.</summary>
    public void Withhold(string why) => (Doubt, withheld) = (why, true);

    public void Is(string user, string from) => (User, Host) = (user, from);

    /// <summary>
    /// The shop itself may be using this account: to take rights from it could stop the shop, so another one is made.
    /// </summary>
    public void Replace(string from) => Is(User == "affiliate_sidecar" ? "affiliate_sidecar_reader" : "affiliate_sidecar", from);

    public IReadOnlyList<string> Statements() => withheld ? [] :
    [
        $"CREATE USER IF NOT EXISTS {Quoted} IDENTIFIED BY {Password};",
        .. ShopTables.For(shop).Where(t => !missing.Contains(t.Name))
            .Select(t => $"GRANT SELECT{(t.Columns is null ? "" : $" ({t.Columns})")} ON {Sql.Name(connection.Database)}.{Sql.Name(Prefix + t.Name)} TO {Quoted};"),
    ];

    string GuessHost()
    {
        if (connection.IsLocal)
            return "localhost";
        try
        {
            // Sends nothing: asks the machine which of its addresses leads there.
            using var socket = new Socket(SocketType.Dgram, ProtocolType.Udp);
            socket.Connect(IPAddress.Parse(connection.Server), 9);
            return ((IPEndPoint)socket.LocalEndPoint!).Address is { IsIPv4MappedToIPv6: true } mapped ? mapped.MapToIPv4().ToString()
                : ((IPEndPoint)socket.LocalEndPoint!).Address.ToString();
        }
        catch (Exception e) when (e is SocketException or FormatException)
        {
            return "%";
        }
    }
}
