using System.Data.Common;
using AffiliateSidecar.Http;
using AffiliateSidecar.Shops.Reading.Findings;

namespace AffiliateSidecar.Shops.Reading;

/// <summary>
/// Looks at everything that must be right before a shop's database can be read, changes nothing, and says what is wrong and how to mend it.
/// </summary>
sealed class ShopDatabaseCheck(TimeProvider time)
{
    // A host that swallows packets never answers, and the owner waits.
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(9);

    public async Task<ShopDatabaseReport> CheckAsync(ShopSettings shop, CancellationToken cancel)
    {
        if (Examination.Begin(shop, out var refused) is not { } examination)
            return new(shop.Name, [refused!], []);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Patience);
        try
        {
            // The second limit is for what does not listen to the first, such as a name server that does not answer.
            await ExamineAsync(examination, limit.Token).WaitAsync(Patience + TimeSpan.FromSeconds(1), cancel);
        }
        catch (Exception e) when (e is OperationCanceledException or TimeoutException && !cancel.IsCancellationRequested)
        {
            examination.Failed("time", $"The check was given up after {Patience.TotalSeconds:0} seconds: the server answers too slowly.",
                "Try again when the server has less to do, and look at the network between here and there.");
        }
        catch (DbException e)
        {
            examination.Failed("connection", $"The server refused a question of the check: {e.Message.TrimEnd('.')}.",
                "Try again. If it stays so, look for the reason in the server's error log.");
        }
        return new(shop.Name, examination.Found, examination.Account.Statements(), examination.Account.Doubt);
    }

    async Task ExamineAsync(Examination examination, CancellationToken cancel)
    {
        await using var connection = await ConnectionCheck.OpenAsync(examination, cancel);
        if (connection is null)
            return;
        var known = await ServerCheck.RunAsync(examination, connection, time, cancel);
        await AccountCheck.RunAsync(examination, connection, cancel);
        if (known && connection.Database.Length > 0)
            await ReadAsync(examination, cancel);
    }

    /// <summary>The rest is read the way the orders will be, but on a connection that is closed afterwards and not kept for later.</summary>
    static async Task ReadAsync(Examination examination, CancellationToken cancel)
    {
        var shop = examination.Shop with { ConnectionString = examination.Connection.ConnectionString };
        await using var db = new ShopDb(ShopDb.OptionsFor(shop), shop.TablePrefix);
        await SessionCheck.RunAsync(examination, db, cancel);
        if (shop.Kind == "woocommerce")
            await WooCommerceCheck.RunAsync(examination, db, cancel);
        else
            await ViewsCheck.RunAsync(examination, db, cancel);
    }
}
