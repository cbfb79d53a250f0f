using System.Security.Cryptography;
using System.Text;
using LinqToDB;

namespace AffiliateSidecar.Storage;

/// <summary>
/// The secret of this installation: it signs click ids and keys the hashes of personal data.
/// One for all nodes, kept in the database; a copy in the data folder lets a node start while the database is away.
/// </summary>
sealed class Installation(Database database, DataFolder folder)
{
    const string Name = "installation-key";

    byte[]? key;

    byte[] Key => key ??= Load();

    /// <summary>A key for one purpose.</summary>
    public byte[] KeyFor(string purpose) => HKDF.DeriveKey(HashAlgorithmName.SHA256, Key, 32, info: Encoding.ASCII.GetBytes(purpose));

    byte[] Load()
    {
        var copy = folder.File("installation.key");
        try
        {
            var value = LoadFromDatabase();
            if (!File.Exists(copy) || File.ReadAllText(copy) != value)
                WritePrivate(copy, value);
            return Convert.FromBase64String(value);
        }
        catch (Exception e) when (Database.IsUnavailable(e) && File.Exists(copy))
        {
            return Convert.FromBase64String(File.ReadAllText(copy));
        }
    }

    string LoadFromDatabase()
    {
        if (database.Scalar($"select value from afs_settings where name = '{Name}'") is string found)
            return found;
        using var db = database.Open();
        var fresh = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        try
        {
            db.Insert(new SettingRow { Name = Name, Value = fresh });
            return fresh;
        }
        catch (Exception e) when (Database.IsDuplicateKey(e))
        {
            return db.Settings.Where(s => s.Name == Name).Select(s => s.Value).First();
        }
    }

    static void WritePrivate(string path, string text)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var writer = new StreamWriter(path, options);
        writer.Write(text);
    }
}
