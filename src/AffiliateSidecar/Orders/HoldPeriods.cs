using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Orders;

/// <summary>Approves commissions whose hold period has ended, once a minute.</summary>
sealed partial class HoldPeriods(Database database, OrderIntake intake, TimeProvider clock, ILogger<HoldPeriods> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var minute = new PeriodicTimer(TimeSpan.FromMinutes(1), clock);
        while (await minute.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                if (await ApproveDueAsync(stoppingToken) is > 0 and var count)
                    LogApproved(count);
            }
            catch (Exception e) when (Database.IsUnavailable(e))
            {
                LogUnavailable(e.Message);
            }
        }
    }

    internal async Task<int> ApproveDueAsync(CancellationToken cancel)
    {
        var approved = 0;
        while (true)
        {
            var now = clock.GetUtcNow();
            await using var db = database.Open();
            var due = await (from c in db.Commissions
                             join o in db.Orders on c.OrderId equals o.Id
                             where c.Status == CommissionStatus.Pending && c.MaturesAt <= now && c.AmountMinor > 0
                             orderby c.MaturesAt
                             select new { o.Shop, o.ExternalId }).Take(500).ToListAsync(cancel);
            if (due.Count == 0)
                return approved;
            await intake.AcceptManyAsync([.. due.Select(d => new OrderDue(d.Shop, d.ExternalId))], cancel);
            approved += due.Count;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} commissions were approved: their hold period has ended.")]
    partial void LogApproved(int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Commissions could not be approved, trying again: {Reason}")]
    partial void LogUnavailable(string reason);
}
