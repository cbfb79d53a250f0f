using AffiliateSidecar.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using MySqlConnector;

namespace AffiliateSidecar.Support;

/// <summary>
/// A database that was made once, to begin with: making the tables anew is a third of a start. Tests that bring a folder or a database of their own
/// still make them.
/// </summary>
/// <param name="fill">What is done with the settings of an empty database.</param>
public sealed class DatabaseTemplate(Func<Dictionary<string, string?>, Task> fill)
{
    /// <summary>All tables, as they are before the first start.</summary>
    public static readonly DatabaseTemplate Migrated = new(MigrateAsync);

    readonly Lazy<Task<byte[]>> sqlite = new(() => MakeSqliteAsync(fill));
    readonly Lazy<Task<string>> mariaDb = new(() => MakeMariaDbAsync(fill));

    /// <summary>The data folder's file.</summary>
    public async Task CopyAsync(string folder) => await File.WriteAllBytesAsync(Path.Combine(folder, "sidecar.db"), await sqlite.Value);

    /// <summary>Connection string of a copy.</summary>
    public async Task<string> CopyAsync()
    {
        var statements = await mariaDb.Value;
        var copy = await MariaDbServer.NewDatabaseAsync();
        await ExecuteAsync(copy, statements);
        return copy;
    }

    static async Task<byte[]> MakeSqliteAsync(Func<Dictionary<string, string?>, Task> fill)
    {
        var folder = Directory.CreateTempSubdirectory("sidecar-test-").FullName;
        try
        {
            await fill(new() { ["data"] = folder });
            return await File.ReadAllBytesAsync(Path.Combine(folder, "sidecar.db"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    static async Task<string> MakeMariaDbAsync(Func<Dictionary<string, string?>, Task> fill)
    {
        var folder = Directory.CreateTempSubdirectory("sidecar-test-").FullName;
        var template = await MariaDbServer.NewDatabaseAsync();
        try
        {
            await fill(new() { ["data"] = folder, ["ConnectionStrings:Sidecar"] = template });
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
        var name = new MySqlConnectionStringBuilder(template).Database;
        var tables = await ReadAsync(template, $"SELECT table_name FROM information_schema.tables WHERE table_schema = '{name}'");
        var triggers = await ReadAsync(template, $"""
            SELECT CONCAT('CREATE TRIGGER ', trigger_name, ' ', action_timing, ' ', event_manipulation, ' ON ', event_object_table, ' FOR EACH ROW ', action_statement)
            FROM information_schema.triggers WHERE trigger_schema = '{name}'
            """);
        return string.Join(";\n", [.. tables.Select(t => $"CREATE TABLE {t} LIKE {name}.{t}"), .. tables.Select(t => $"INSERT INTO {t} SELECT * FROM {name}.{t}"), .. triggers]);
    }

    static async Task MigrateAsync(Dictionary<string, string?> settings)
    {
        await using var app = Program.Build(settings);
        app.Services.GetRequiredService<Migrator>().Migrate();
    }

    static async Task<List<string>> ReadAsync(string database, string sql)
    {
        await using var connection = new MySqlConnection(database);
        await connection.OpenAsync();
        await using var command = new MySqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var texts = new List<string>();
        while (await reader.ReadAsync())
            texts.Add(reader.GetString(0));
        return texts;
    }

    static async Task ExecuteAsync(string database, string sql)
    {
        await using var connection = new MySqlConnection(database);
        await connection.OpenAsync();
        await using var command = new MySqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
