using System.Data.Common;
using LinqToDB.Data;
using MySqlConnector;

namespace AffiliateSidecar.Storage;

/// <summary>The database itself refuses to change or delete a ledger entry, whoever asks: triggers, on SQLite and on MySQL alike.</summary>
static class LedgerLock
{
    const string Reason = "The ledger is append-only.";

    static readonly (string Name, string Event)[] Triggers = [("afs_ledger_no_update", "UPDATE"), ("afs_ledger_no_delete", "DELETE")];

    /// <summary>Make what is missing.</summary>
    /// <returns>Why it could not be made and what to do; null where the lock is on.</returns>
    public static string? Ensure(SidecarDb db)
    {
        try
        {
            foreach (var (name, action) in Triggers.Where(t => !IsThere(db, t.Name)))
                db.Execute(db.IsSqlite
                    ? $"CREATE TRIGGER {name} BEFORE {action} ON afs_ledger BEGIN SELECT RAISE(ABORT, '{Reason}'); END"
                    : $"CREATE TRIGGER {name} BEFORE {action} ON afs_ledger FOR EACH ROW SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '{Reason}'");
            return null;
        }
        // No right to make triggers, or a binary log that wants an administrator for them: the program works, and `db verify` tells of it.
        catch (DbException e) when (e is MySqlException { Number: 1419 or 1142 or 1227 or 1044 })
        {
            return $"The database account may not make the triggers that protect the ledger: {e.Message.TrimEnd('.')}. "
                + "GRANT TRIGGER on the sidecar's database (and set log_bin_trust_function_creators = 1 where a binary log is kept), then run `db migrate`.";
        }
    }

    public static bool IsOn(SidecarDb db) => Triggers.All(t => IsThere(db, t.Name));

    static bool IsThere(SidecarDb db, string name) => db.Execute<long>(db.IsSqlite
        ? "select count(*) from sqlite_master where type = 'trigger' and name = @name"
        : "select count(*) from information_schema.triggers where trigger_schema = database() and trigger_name = @name", new DataParameter("name", name)) > 0;
}
