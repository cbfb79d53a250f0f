using AffiliateSidecar.Partners;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Cli.Import.Predecessors;

/// <summary>Coupons that credit an affiliate credit the partner.</summary>
sealed class CouponTakeover(Takeover takeover, PartnerDirectory directory, TimeProvider clock)
{
    public async Task<FileReport> RunAsync(OldQuery query, CancellationToken cancel)
    {
        var report = new FileReport("coupons", query.Table);
        await foreach (var page in takeover.Old.PagesAsync<CouponRow>(query, r => r.Id, advance: d => takeover.Progress.Advance(report.Kind, d), cancel: cancel))
            await StoreAsync(page, report, cancel);
        return report;
    }

    async Task StoreAsync(IReadOnlyList<CouponRow> page, FileReport report, CancellationToken cancel)
    {
        report.Rows += page.Count;
        List<(CouponRow Row, string Code, TakenOver Partner)> coupons = [];
        foreach (var row in page)
            try
            {
                if (row.Code?.Trim() is not { Length: > 0 and <= 100 } code || CodeText.Fold(code).Length == 0)
                    throw new BadRowException("code", "missing, or longer than 100 characters");
                if (!long.TryParse(row.Affiliate, out var affiliate))
                    throw new BadRowException("affiliate", $"'{row.Affiliate}' is not a number");
                coupons.Add((row, code, takeover.Partner(affiliate)));
            }
            catch (BadRowException e)
            {
                takeover.Progress.Refuse(report, row.Id, e);
            }
        var now = UnixTime.Truncate(clock.GetUtcNow());
        var outcomes = await takeover.Database.WriteAsync(async (db, token) =>
        {
            List<string?> made = [];
            var keys = coupons.Select(c => CodeText.Fold(c.Code)).ToArray();
            var owners = await db.PartnerCodes.Where(c => c.Kind == CodeKind.Coupon && keys.Contains(c.CodeKey)).ToDictionaryAsync(c => c.CodeKey, c => c.PartnerId, StringComparer.Ordinal, token);
            foreach (var (_, code, partner) in coupons)
                if (owners.TryGetValue(CodeText.Fold(code), out var owner))
                    made.Add(owner == partner.Id ? "known" : "taken");
                else
                {
                    owners[CodeText.Fold(code)] = partner.Id;
                    made.Add(null);
                    if (!takeover.DryRun)
                        await PartnerRegistry.AddCodeAsync(db, CodeKind.Coupon, partner.Id, code, now, token);
                }
            if (made.Contains(null) && !takeover.DryRun)
                await PartnerDirectory.BumpAsync(db, token);
            return made;
        }, cancel);
        directory.Expire();
        foreach (var (coupon, outcome) in coupons.Zip(outcomes))
            if (outcome is null)
                report.New++;
            else if (outcome == "taken")
                takeover.Progress.Refuse(report, coupon.Row.Id, new BadRowException("code", $"the coupon '{coupon.Code}' credits another partner"));
    }
}
