using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using AffiliateSidecar.Cli;
using AffiliateSidecar.Http;
using AffiliateSidecar.Shops.Reading;
using AffiliateSidecar.Shops.Reading.Findings;
using AffiliateSidecar.Shops.WooCommerce.Health;
using AffiliateSidecar.Support;
using Microsoft.Extensions.Time.Testing;
using MySqlConnector;
using Xunit;

namespace AffiliateSidecar.Shops;

public sealed class ShopCheckTests
{
    [Theory]
    [InlineData(true, "wp_")]
    [InlineData(false, "shop7_")]
    [InlineData(true, "wp_2_")]
    public async Task The_printed_statements_make_an_account_with_which_all_is_well(bool hpos, string prefix)
    {
        await using var shop = await SmallShop.OpenAsync(hpos, prefix);
        var wanted = shop.ConnectionString(shop.User);
        var before = await shop.CheckAsync(wanted);
        Assert.Equal(1, before.Exit);
        AssertFound(before, "failed", "account", "does not let");
        await shop.FollowAsync(before);
        var after = await shop.CheckAsync(wanted, "--json");
        Assert.Equal(0, after.Exit);
        Assert.All(after.Json["shops"]![0]!["findings"]!.AsArray(), f => Assert.Equal("ok", (string?)f!["condition"]));
        var found = await shop.CheckAsync(wanted);
        AssertFound(found, "ok", "account", "can read and nothing else");
        AssertFound(found, "ok", "tables", "All 15 tables");
        AssertFound(found, "ok", "storage", hpos ? "tables of their own" : "read from posts");
        AssertFound(found, "ok", "orders", "2 orders can be read; the newest was placed at 2026-11-21 12:30 UTC");
        // The account may read no more than that.
        var refused = await Assert.ThrowsAsync<MySqlException>(() => AskAsync(wanted, $"SELECT * FROM {prefix}users"));
        Assert.Equal(MySqlErrorCode.TableAccessDenied, refused.ErrorCode);
        // The secret of the webhooks stands in a table that is read.
        Assert.Contains($"GRANT SELECT ({ShopWebhook.Columns}) ON `{shop.Database}`.`{prefix}wc_webhooks` TO", before.Out, StringComparison.Ordinal);
        refused = await Assert.ThrowsAsync<MySqlException>(() => AskAsync(wanted, $"SELECT secret FROM {prefix}wc_webhooks"));
        Assert.Equal(MySqlErrorCode.ColumnAccessDenied, refused.ErrorCode);
        Assert.Equal("0", await AskAsync(wanted, $"SELECT COUNT(failure_count) FROM {prefix}wc_webhooks"));
    }

    [Fact]
    public async Task No_connection_is_left_behind()
    {
        await using var shop = await SmallShop.OpenAsync();
        Assert.Equal(0, (await shop.CheckAsync(await shop.AccountAsync("SELECT ON {db}.*"))).Exit);
        var open = "";
        // The server takes a moment to see that somebody has left.
        for (var i = 0; i < 50 && open != "0"; i++, await Task.Delay(100, TestContext.Current.CancellationToken))
            open = await AskAsync(shop.ConnectionString("root", null), $"SELECT COUNT(*) FROM information_schema.processlist WHERE user = '{shop.User}'");
        Assert.Equal("0", open);
    }

    [Fact]
    public async Task Names_are_quoted_whatever_is_in_them()
    {
        var name = "shop-`é_%" + Guid.NewGuid().ToString("N")[..6];
        var server = new MySqlConnectionStringBuilder(await MariaDbServer.NewDatabaseAsync());
        await AskAsync(server.ConnectionString, $"DROP DATABASE {server.Database}; CREATE DATABASE {Sql.Name(name)}");
        server.Database = name;
        await using var shop = await SmallShop.OpenAsync(administrator: server.ConnectionString);
        var wanted = shop.ConnectionString($"o'b\\\"r`{shop.User[..5]}@x");
        var printed = await shop.CheckAsync(wanted, "--grants");
        Assert.Equal(0, printed.Exit);
        Assert.DoesNotContain("failed", printed.Out, StringComparison.Ordinal);
        await shop.FollowAsync(printed);
        Assert.Equal(0, (await shop.CheckAsync(wanted)).Exit);
    }

    [Theory]
    [InlineData("SELECT, UPDATE ON {db}.*", "UPDATE on `")]
    [InlineData("SELECT ON {db}.*|INSERT ON {db}.wp_wc_orders_meta", "INSERT on `")]
    [InlineData("SELECT ON {db}.*|SELECT (option_id), UPDATE (option_value) ON {db}.wp_options", "UPDATE on `")]
    [InlineData("ALL ON {db}.*", "ALL PRIVILEGES on `")]
    [InlineData("SELECT ON {db}.* WITH GRANT OPTION", "GRANT OPTION on `")]
    [InlineData("SELECT ON {db}.*|EXECUTE ON *.*", "EXECUTE on *.*")]
    public async Task An_account_that_can_do_more_than_read_fails_and_another_one_is_offered(string grants, string named)
    {
        await using var shop = await SmallShop.OpenAsync();
        var found = await shop.CheckAsync(await shop.AccountAsync(grants.Split('|')));
        Assert.Equal(1, found.Exit);
        AssertFound(found, "failed", "account", "can do more than read");
        Assert.Contains(named, found.Out, StringComparison.Ordinal);
        // The shop itself may live on the rights of this account.
        Assert.Contains($"CREATE USER IF NOT EXISTS 'affiliate_sidecar'@", found.Out, StringComparison.Ordinal);
        var revoke = Regex.Match(found.Out, "REVOKE ALL PRIVILEGES, GRANT OPTION FROM [^;]+;").Value;
        await shop.AdministratorAsync(revoke);
        await shop.FollowAsync(await shop.CheckAsync(shop.ConnectionString(shop.User)));
        Assert.Equal(0, (await shop.CheckAsync(shop.ConnectionString(shop.User))).Exit);
    }

    [Fact]
    public async Task An_administrator_is_told_to_use_another_account_and_not_to_give_up_his_rights()
    {
        await using var shop = await SmallShop.OpenAsync();
        var found = await shop.CheckAsync(shop.ConnectionString("root", null));
        AssertFound(found, "failed", "account", "ALL PRIVILEGES");
        Assert.DoesNotContain("REVOKE", found.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_role_and_the_rights_of_everybody_count()
    {
        await using var shop = await SmallShop.OpenAsync();
        var role = "r" + shop.User;
        await shop.AdministratorAsync($"CREATE ROLE {role}; GRANT ALL ON {shop.Database}.* TO {role}");
        var account = await shop.AccountAsync("SELECT ON {db}.*", role);
        var found = await shop.CheckAsync(account);
        AssertFound(found, "failed", "account", $"the role `{role}`");
        await shop.AdministratorAsync($"DROP ROLE {role}; GRANT DELETE ON {shop.Database}.* TO PUBLIC");
        found = await shop.CheckAsync(account);
        AssertFound(found, "failed", "account", "DELETE on `");
        await shop.AdministratorAsync(Regex.Match(found.Out, "REVOKE DELETE[^;]+FROM PUBLIC;").Value);
        Assert.Equal(0, (await shop.CheckAsync(account)).Exit);
    }

    [Fact]
    public async Task The_probe_finds_a_right_to_write_and_changes_nothing()
    {
        await using var shop = await SmallShop.OpenAsync();
        var account = await shop.AccountAsync("SELECT ON {db}.*");
        Assert.Null(await ProbeAsync(account));
        await shop.GrantAsync("DELETE ON {db}.wp_posts");
        Assert.Equal("DELETE on `wp_posts`", await ProbeAsync(account));
        await shop.GrantAsync("UPDATE ON {db}.*");
        Assert.Equal("UPDATE on `wp_wc_orders`", await ProbeAsync(account));
        Assert.Equal("2", await AskAsync(account, "SELECT COUNT(*) FROM wp_wc_orders WHERE id IN (11, 12)"));
    }

    static async Task<string?> ProbeAsync(string connectionString)
    {
        await using var connection = new MySqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        return await AccountCheck.PlannedAsync(Examination.Begin(Settings(connectionString), out _)!, connection, CancellationToken.None);
    }

    [Fact]
    public async Task An_account_that_may_read_everything_is_warned_of()
    {
        await using var shop = await SmallShop.OpenAsync();
        var found = await shop.CheckAsync(await shop.AccountAsync("SELECT ON {db}.*"));
        Assert.Equal(0, found.Exit);
        AssertFound(found, "warn", "account", "more than is needed");
    }

    [Theory]
    [InlineData("GRANT SELECT, INSERT ON *.* TO `u`@`%`", "INSERT on *.*", false)]
    [InlineData("GRANT USAGE ON *.* TO 'a TO b'@'%' IDENTIFIED BY PASSWORD '*AB' WITH MAX_QUERIES_PER_HOUR 5", "", false)]
    [InlineData("GRANT SELECT ON `x ON y`.`WITH GRANT OPTION` TO `u`@`h`", "", false)]
    [InlineData("GRANT SELECT (`a, b)`), SHOW VIEW ON `d`.`t` TO `u`@`h`", "", false)]
    [InlineData("GRANT BACKUP_ADMIN,XA_RECOVER_ADMIN ON *.* TO `u`@`%`", "BACKUP_ADMIN, XA_RECOVER_ADMIN on *.*", false)]
    [InlineData("GRANT `app`@`%`,`b`@`%` TO `u`@`%`", "the role `app`@`%`,`b`@`%`", true)]
    [InlineData("GRANT PROXY ON ''@'%' TO 'u'@'%' WITH GRANT OPTION", "PROXY, GRANT OPTION on ''@'%'", false)]
    public void Grants_are_read_as_MySQL_and_MariaDB_write_them(string line, string excess, bool role)
    {
        var grant = Grant.Parse(line)!;
        Assert.Equal(role, grant.IsRole);
        Assert.Equal(excess, grant.IsRole || grant.Excess.Count > 0 ? grant.ToString() : "");
    }

    [Fact]
    public async Task A_wrong_password_is_named_and_not_printed()
    {
        await using var shop = await SmallShop.OpenAsync();
        await shop.AccountAsync("SELECT ON {db}.*");
        var found = await shop.CheckAsync(shop.ConnectionString(shop.User, "guessed-wrong"));
        Assert.Equal(1, found.Exit);
        AssertFound(found, "failed", "account", "the password is wrong");
        Assert.DoesNotContain("guessed-wrong", found.Out, StringComparison.Ordinal);
        AssertFound(await shop.CheckAsync(shop.ConnectionString(shop.User, null)), "failed", "account", "has no password");
    }

    [Fact]
    public async Task A_host_that_is_not_there_and_a_port_where_nobody_listens_are_told_apart()
    {
        await using var shop = await SmallShop.OpenAsync();
        var refused = await shop.CheckAsync($"Server=127.0.0.1;Port={MariaDbServer.FreePort()};User ID=u;Database=shop");
        Assert.Equal(1, refused.Exit);
        AssertFound(refused, "failed", "connection", "Nothing listens at 127.0.0.1:");
        AssertFound(await shop.CheckAsync("Server=no-such-host.invalid;User ID=u;Database=shop"), "failed", "connection", "There is no host named no-such-host.invalid");
    }

    [Fact]
    public async Task A_database_that_is_not_there_and_one_that_may_not_be_entered_are_told_apart()
    {
        await using var shop = await SmallShop.OpenAsync();
        var administrator = new MySqlConnectionStringBuilder(shop.ConnectionString("root", null)) { Database = "shpo" };
        var unknown = await shop.CheckAsync(administrator.ConnectionString);
        AssertFound(unknown, "failed", "database", "has no database 'shpo'");
        var account = await shop.AccountAsync();
        var found = await shop.CheckAsync(account);
        Assert.Equal(1, found.Exit);
        AssertFound(found, "failed", "database", "may not enter");
        await shop.FollowAsync(found);
        Assert.Equal(0, (await shop.CheckAsync(account)).Exit);
    }

    [Fact]
    public async Task A_wrong_prefix_is_answered_with_the_right_one()
    {
        await using var shop = await SmallShop.OpenAsync(prefix: "shop7_");
        var account = await shop.AccountAsync("SELECT ON {db}.*");
        var found = await shop.CheckAsync(account, "--Sidecar:Shops:tea:TablePrefix=wp_");
        Assert.Equal(1, found.Exit);
        AssertFound(found, "failed", "prefix", "begin with: shop7_.");
        Assert.Contains("Set Sidecar:Shops:tea:TablePrefix to shop7_.", found.Out, StringComparison.Ordinal);
        Assert.Contains(".`shop7_wc_orders` TO", found.Out, StringComparison.Ordinal);
        // Of the tables under the right prefix those that are not there are left out.
        await shop.AdministratorAsync("DROP TABLE shop7_comments");
        var printed = await shop.CheckAsync(account, "--Sidecar:Shops:tea:TablePrefix=wp_", "--grants");
        Assert.DoesNotContain("_comments`", printed.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("Nobody could look", printed.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_right_is_granted_on_tables_that_are_not_there()
    {
        await using var shop = await SmallShop.OpenAsync();
        // Until the account is there, nobody can look.
        var unknown = await shop.CheckAsync(shop.ConnectionString(shop.User), "--grants");
        Assert.Contains("Nobody could look yet whether", unknown.Out, StringComparison.Ordinal);
        Assert.Contains("`wp_wc_orders` TO", unknown.Out, StringComparison.Ordinal);

        var account = await shop.AccountAsync("SELECT ON {db}.*");
        await shop.AdministratorAsync("CREATE TABLE wp_2_options LIKE wp_options; CREATE TABLE wp_2_posts LIKE wp_posts");
        var several = await shop.CheckAsync(account, "--Sidecar:Shops:tea:TablePrefix=nothing_", "--grants");
        Assert.Contains("begin with wp_, wp_2_: set Sidecar:Shops:tea:TablePrefix to one of them", several.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("GRANT", several.Out, StringComparison.Ordinal);

        await shop.AdministratorAsync($"SET foreign_key_checks = 0; DROP DATABASE {shop.Database}; CREATE DATABASE {shop.Database}");
        var empty = await shop.CheckAsync(account, "--grants");
        Assert.Contains("has no tables of a shop", empty.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("GRANT", empty.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_table_that_is_missing_is_named_with_what_it_holds()
    {
        await using var shop = await SmallShop.OpenAsync();
        await shop.AdministratorAsync("DROP TABLE wp_wc_orders_meta, wp_wc_webhooks");
        var found = await shop.CheckAsync(await shop.AccountAsync("SELECT ON {db}.*"));
        Assert.Equal(1, found.Exit);
        AssertFound(found, "failed", "tables", "wp_wc_orders_meta: It does not exist. It holds where a buyer came from");
        AssertFound(found, "warn", "tables", "wp_wc_webhooks: It does not exist");
        // To grant a right on it would be an error.
        Assert.DoesNotContain("`wp_wc_orders_meta` TO", found.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_table_without_a_right_is_named_and_the_statements_mend_it()
    {
        await using var shop = await SmallShop.OpenAsync();
        var account = shop.ConnectionString(shop.User);
        var name = await shop.FollowAsync(await shop.CheckAsync(account));
        await shop.AdministratorAsync($"REVOKE SELECT ON wp_wc_orders_meta FROM {name}; REVOKE SELECT ON wp_actionscheduler_actions FROM {name}");
        var found = await shop.CheckAsync(account);
        Assert.Equal(1, found.Exit);
        AssertFound(found, "failed", "tables", "wp_wc_orders_meta. Without: orders cannot be read whole");
        AssertFound(found, "warn", "tables", "wp_actionscheduler_actions. Without: a difference cannot be explained");
        await shop.FollowAsync(found);
        Assert.Equal(0, (await shop.CheckAsync(account)).Exit);
    }

    [Fact]
    public async Task What_only_the_other_storage_needs_is_no_fault()
    {
        await using var shop = await SmallShop.OpenAsync(hpos: false);
        await shop.AdministratorAsync("DROP TABLE wp_wc_orders, wp_wc_orders_meta, wp_wc_order_addresses, wp_wc_order_operational_data");
        var account = shop.ConnectionString(shop.User);
        await shop.AccountAsync("SELECT ON {db}.*");
        var found = await shop.CheckAsync(account);
        Assert.Equal(0, found.Exit);
        AssertFound(found, "ok", "tables", "Not needed, and not readable: wp_wc_orders,");
        await shop.FollowAsync(found);
    }

    [Fact]
    public async Task A_table_that_another_program_has_locked_ends_the_check_in_time()
    {
        await using var shop = await SmallShop.OpenAsync();
        var account = await shop.AccountAsync("SELECT ON {db}.*");
        await using var locker = new MySqlConnection(shop.ConnectionString("root", null) + ";Pooling=false");
        await locker.OpenAsync();
        await new MySqlCommand("LOCK TABLES wp_wc_orders WRITE", locker).ExecuteNonQueryAsync();
        var (found, took) = await TimedAsync(() => shop.CheckAsync(account));
        Assert.Equal(1, found.Exit);
        AssertFound(found, "failed", "tables", "has locked wp_wc_orders: no answer in time");
        Assert.InRange(took.TotalSeconds, 1, 10);
    }

    [Theory]
    [InlineData("wp_wc_orders WRITE, wp_wc_orders_meta WRITE, wp_posts WRITE, wp_postmeta WRITE, wp_woocommerce_order_items WRITE", "failed",
        "locked wp_posts, wp_postmeta, wp_woocommerce_order_items, wp_wc_orders, wp_wc_orders_meta: no answer in time")]
    [InlineData("wp_options WRITE, wp_posts WRITE, wp_postmeta WRITE, wp_comments WRITE, wp_terms WRITE, wp_term_taxonomy WRITE, wp_term_relationships WRITE, "
        + "wp_woocommerce_order_items WRITE, wp_woocommerce_order_itemmeta WRITE, wp_wc_webhooks WRITE, wp_actionscheduler_actions WRITE, wp_wc_orders WRITE, "
        + "wp_wc_orders_meta WRITE, wp_wc_order_addresses WRITE, wp_wc_order_operational_data WRITE", "failed", "locked wp_options, wp_posts,")]
    [InlineData("wp_wc_webhooks WRITE, wp_actionscheduler_actions WRITE", "warn", "locked wp_wc_webhooks, wp_actionscheduler_actions: no answer in time")]
    public async Task A_backup_that_has_locked_many_tables_is_named_with_all_of_them_in_time(string tables, string condition, string said)
    {
        await using var shop = await SmallShop.OpenAsync();
        var account = await shop.AccountAsync("SELECT ON {db}.*");
        await using (var backup = new MySqlConnection(shop.ConnectionString("root", null) + ";Pooling=false"))
        {
            await backup.OpenAsync(TestContext.Current.CancellationToken);
            await new MySqlCommand($"LOCK TABLES {tables}", backup).ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
            var (found, took) = await TimedAsync(() => shop.CheckAsync(account));
            Assert.Equal(condition == "failed" ? 1 : 0, found.Exit);
            AssertFound(found, condition, "tables", $"Another program, such as a backup, has {said}");
            Assert.DoesNotContain("was given up", found.Out, StringComparison.Ordinal);
            Assert.InRange(took.TotalSeconds, 1, 10);
        }
        Assert.Equal(0, (await shop.CheckAsync(account)).Exit);
    }

    [Fact]
    public async Task A_backup_that_only_keeps_everybody_from_writing_is_no_fault()
    {
        await using var server = await MariaDbServer.StartOwnAsync();
        await AskAsync(server.ConnectionString, "CREATE DATABASE shop");
        await using var shop = await SmallShop.OpenAsync(administrator: server.ConnectionString + ";Database=shop");
        var account = await shop.AccountAsync("SELECT ON {db}.*");
        await using var backup = new MySqlConnection(server.ConnectionString + ";Pooling=false");
        await backup.OpenAsync(TestContext.Current.CancellationToken);
        await new MySqlCommand("FLUSH TABLES WITH READ LOCK", backup).ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, (await shop.CheckAsync(account)).Exit);
        await new MySqlCommand("UNLOCK TABLES", backup).ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_demand_for_TLS_and_a_certificate_that_cannot_be_believed_are_named()
    {
        using var folder = new CommandFolder();
        var (certificate, key) = Certificate.Write(folder.Path, "db.example");
        await using var server = await MariaDbServer.StartOwnAsync($"--ssl-cert={certificate}", $"--ssl-key={key}");
        await AskAsync(server.ConnectionString, "CREATE DATABASE shop");
        await using var shop = await SmallShop.OpenAsync(administrator: server.ConnectionString + ";Database=shop");
        var account = await shop.AccountAsync("SELECT ON {db}.*");
        await shop.AdministratorAsync($"ALTER USER {shop.User} REQUIRE SSL");
        Assert.Equal(0, (await shop.CheckAsync(account)).Exit);
        var plain = await shop.CheckAsync(account + ";SslMode=None");
        Assert.Equal(1, plain.Exit);
        AssertFound(plain, "failed", "encryption", "demands TLS");
        AssertFound(await shop.CheckAsync(account + ";SslMode=VerifyFull"), "failed", "encryption", "not signed by anybody this machine trusts");
        AssertFound(await shop.CheckAsync($"{account};SslMode=VerifyFull;SslCa={certificate}"), "failed", "encryption", "not made out to the name 127.0.0.1");
        Assert.Equal(0, (await shop.CheckAsync($"{account};SslMode=VerifyCA;SslCa={certificate}")).Exit);
        var file = await shop.CheckAsync($"{account};SslMode=VerifyCA;SslCa={certificate}x");
        AssertFound(file, "failed", "settings", "cannot be read");
    }

    [Fact]
    public async Task TLS_that_the_server_does_not_offer_is_named_from_either_side()
    {
        await using var shop = await SmallShop.OpenAsync();
        var account = await shop.AccountAsync("SELECT ON {db}.*");
        AssertFound(await shop.CheckAsync(account + ";SslMode=Required"), "failed", "encryption", "offers none");
        await shop.AdministratorAsync($"ALTER USER {shop.User} REQUIRE SSL");
        AssertFound(await shop.CheckAsync(account + ";SslMode=None"), "failed", "account", "or the account demands TLS (REQUIRE SSL), which this server does not offer");
    }

    [Fact]
    public async Task A_locked_account_and_an_expired_password_are_named()
    {
        await using var shop = await SmallShop.OpenAsync();
        var account = await shop.AccountAsync("SELECT ON {db}.*");
        await shop.AdministratorAsync($"ALTER USER {shop.User} ACCOUNT LOCK");
        AssertFound(await shop.CheckAsync(account), "failed", "account", "is locked");
        await shop.AdministratorAsync($"ALTER USER {shop.User} ACCOUNT UNLOCK PASSWORD EXPIRE");
        AssertFound(await shop.CheckAsync(account), "failed", "account", "has expired");
    }

    [Fact]
    public async Task A_host_that_never_answers_keeps_nobody_waiting()
    {
        await using var shop = await SmallShop.OpenAsync();
        // The one takes the connection and is silent, as another program's port; the other drops every packet, as a firewall.
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        using var full = BlackHole(out var waiting);
        foreach (var (listener, said) in new[] { (silent.Server, "does not answer as MySQL"), (full, "does not answer.") })
        {
            var port = ((IPEndPoint)listener.LocalEndPoint!).Port;
            var (found, took) = await TimedAsync(() => shop.CheckAsync($"Server=127.0.0.1;Port={port};User ID=u;Password=p;Database=shop"));
            Assert.Equal(1, found.Exit);
            AssertFound(found, "failed", "connection", said);
            Assert.InRange(took.TotalSeconds, 1, 10.5);
        }
        waiting.ForEach(w => w.Dispose());
    }

    /// <summary>A listener whose queue is full: the kernel answers no further caller.</summary>
    static Socket BlackHole(out List<Socket> waiting)
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(0);
        waiting = [];
        for (var i = 0; i < 4; i++)
        {
            var caller = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
            waiting.Add(caller);
            Assert.Throws<SocketException>(() => caller.Connect(listener.LocalEndPoint!));
        }
        return listener;
    }

    [Theory]
    [InlineData("Serv=1;Password=geh;eim=1")]
    [InlineData("geh;eim")]
    [InlineData("Server=127.0.0.1;Password=geheim;Database=x")]
    [InlineData("Server=127.0.0.1;User ID=u;Password=geheim")]
    public async Task A_connection_string_that_is_none_is_said_without_repeating_it(string connectionString)
    {
        await using var shop = await SmallShop.OpenAsync();
        var found = await shop.CheckAsync(connectionString);
        Assert.Equal(1, found.Exit);
        AssertFound(found, "failed", "settings", "Sidecar:Shops:tea:ConnectionString");
        Assert.DoesNotContain("eim", found.Out + found.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DELETE FROM wp_options WHERE option_name LIKE 'woo%'", "failed", "woocommerce", "WooCommerce is not installed", 1)]
    [InlineData("UPDATE wp_options SET option_value = '7.0.1' WHERE option_name LIKE 'woo%version'", "failed", "woocommerce", "7.0.1", 1)]
    [InlineData("UPDATE wp_options SET option_value = '8.4.0' WHERE option_name LIKE 'woo%version'", "warn", "woocommerce", "does not record where a buyer came from", 0)]
    [InlineData("UPDATE wp_options SET option_value = '10.2.0' WHERE option_name = 'woocommerce_db_version'", "warn", "woocommerce", "has not finished the update", 0)]
    [InlineData("UPDATE wp_options SET option_value = 'https://staging.example' WHERE option_name = 'home'", "warn", "address", "calls itself https://staging.example/", 0)]
    [InlineData("UPDATE wp_options SET option_value = 'https://shop.example/staging' WHERE option_name = 'home'", "warn", "address", "calls itself https://shop.example/staging", 0)]
    [InlineData("ALTER TABLE wp_wc_orders DROP INDEX date_updated", "warn", "index", "date_updated_gmt", 0)]
    [InlineData("ALTER TABLE wp_wc_orders DROP INDEX date_updated, ADD INDEX other (status, date_updated_gmt)", "warn", "index", "date_updated_gmt", 0)]
    [InlineData("DELETE FROM wp_wc_orders", "ok", "orders", "There is no order yet", 0)]
    public async Task What_is_wrong_with_the_shop_itself_is_named(string change, string condition, string name, string said, int exit)
    {
        await using var shop = await SmallShop.OpenAsync();
        var account = await shop.AccountAsync("SELECT ON {db}.*");
        await shop.AdministratorAsync(change);
        var found = await shop.CheckAsync(account);
        AssertFound(found, condition, name, said);
        Assert.Equal(exit, found.Exit);
    }

    [Theory]
    [InlineData(true, "Orders are read from tables of their own (HPOS)", "1 stand in posts")]
    [InlineData(false, "Orders are read from posts", "1 stand in tables of their own (HPOS)")]
    public async Task Of_two_filled_storages_the_one_that_is_read_and_the_stale_one_are_named(bool hpos, string read, string stale)
    {
        await using var shop = await SmallShop.OpenAsync(hpos);
        var account = await shop.AccountAsync("SELECT ON {db}.*");
        await shop.AdministratorAsync("SET sql_mode = ''; " + (hpos ? "INSERT INTO wp_posts (post_type, post_status) VALUES ('shop_order', 'wc-completed'), ('shop_order_placehold', 'draft')"
            : "INSERT INTO wp_wc_orders (id, type, status) VALUES (9, 'shop_order', 'wc-completed')"));
        var found = await shop.CheckAsync(account);
        Assert.Equal(0, found.Exit);
        AssertFound(found, "warn", "storage", read);
        AssertFound(found, "warn", "storage", stale);
        await shop.AdministratorAsync("INSERT INTO wp_options (option_name, option_value) VALUES ('woocommerce_custom_orders_table_data_sync_enabled', 'yes')");
        AssertFound(await shop.CheckAsync(account), "ok", "storage", read);
    }

    [Fact]
    public async Task Clocks_that_differ_are_warned_of()
    {
        await using var shop = await SmallShop.OpenAsync();
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow.AddSeconds(-90));
        var report = await new ShopDatabaseCheck(clock).CheckAsync(Settings(await shop.AccountAsync("SELECT ON {db}.*")), CancellationToken.None);
        Assert.True(report.Ok);
        Assert.Contains(report.Findings, f => f is { Name: "clock", Condition: "warn" } && f.What.Contains("is +90 seconds from ours", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Wrong_usage_is_2_with_what_is_lacking()
    {
        using var cli = new CommandFolder();
        var none = await cli.RunAsync("shop", "check", "--Sidecar:Shops:tea:Kind=woocommerce");
        Assert.Equal((2, ""), (none.Exit, none.Out));
        Assert.Contains("ConnectionString", none.Error, StringComparison.Ordinal);
        var unknown = await cli.RunAsync("shop", "check", "--shop", "coffee", "--Sidecar:Shops:tea:ConnectionString=Server=x");
        Assert.Equal((2, ""), (unknown.Exit, unknown.Out));
        Assert.Contains("coffee", unknown.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_doctor_says_the_same_in_short()
    {
        await using var shop = await SmallShop.OpenAsync();
        var account = shop.ConnectionString(shop.User);
        await shop.FollowAsync(await shop.CheckAsync(account));
        var well = await shop.DoctorAsync(account);
        Assert.Matches(@"(?m)^ok +shop tea +Its database can be read\. .+can read and nothing else\. 2 orders can be read", well.Out);
        await shop.AdministratorAsync("DROP TABLE wp_wc_orders");
        var ill = await shop.DoctorAsync(account);
        Assert.Equal(1, ill.Exit);
        Assert.Matches(@"(?m)^fail +shop tea +Its database: wp_wc_orders: It does not exist", ill.Out);
        Assert.DoesNotContain("GRANT SELECT", ill.Out, StringComparison.Ordinal);
    }

    static void AssertFound(CliResult result, string condition, string name, string said) =>
        Assert.Matches($"(?m)^{condition} +{name} +.*{Regex.Escape(said)}", result.Out);

    static ShopSettings Settings(string connectionString) => new() { Name = "tea", Kind = "woocommerce", ConnectionString = connectionString };

    static async Task<(CliResult Found, TimeSpan Took)> TimedAsync(Func<Task<CliResult>> check)
    {
        var started = Stopwatch.GetTimestamp();
        var found = await check();
        return (found, Stopwatch.GetElapsedTime(started));
    }

    static async Task<string?> AskAsync(string connectionString, string sql)
    {
        await using var connection = new MySqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new MySqlCommand(sql, connection);
        return Convert.ToString(await command.ExecuteScalarAsync());
    }
}
