using AffiliateSidecar.Ledger;
using AffiliateSidecar.Orders;
using AffiliateSidecar.Storage;
using AffiliateSidecar.Tracking;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Benchmarks;

/// <summary>A program as it is after two years: a few partners sell most, most sell now and then, some have never begun; applications and messages wait.</summary>
sealed class LivingProgram(int partners, int days, int orders)
{
    const int Waiting = 40, Acts = 5_000, Busy = 50;

    static readonly string[] Categories = ["tea", "mugs", "cakes", "books"];

    readonly Random dice = new(1);

    public static LivingProgram Small => new(40, 120, 800);

    /// <summary>10,000 orders a month.</summary>
    public static LivingProgram Large => new(2_000, 730, 240_000);

    public int Partners { get; } = partners;
    public int Days { get; } = days;
    public int Orders { get; } = orders;
    public int Sums { get; private set; }

    /// <summary>Everything ends yesterday, by the machine's clock: the service that is measured runs by it and asks for its last days.</summary>
    public DateTimeOffset Began { get; } = new DateTimeOffset(DateTimeOffset.UtcNow.UtcDateTime.Date, TimeSpan.Zero).AddDays(-days);

    public async Task FillAsync(Database database)
    {
        await database.WriteAsync(async (db, cancel) => await db.InsertManyAsync([.. Enumerable.Range(1, Partners + Waiting).Select(Partner)], cancel));
        foreach (var day in Enumerable.Range(0, Days).Chunk(30))
            await database.WriteAsync((db, cancel) => ClicksAsync(db, day, cancel));
        foreach (var numbers in Enumerable.Range(0, Orders).Chunk(5_000))
            await database.WriteAsync((db, cancel) => SellAsync(db, numbers, n => Began.AddDays(Days * (double)n / Orders), cancel));
        await database.WriteAsync(TalkAsync);
        await LargeLedger.CloseAsync(database);
    }

    /// <summary>Orders of the day that ends, and refunds that touch thirty old ones.</summary>
    public Task NextDayAsync(Database database) => database.WriteAsync(async (db, cancel) =>
    {
        var today = Began.AddDays(Days - 1).AddHours(12);
        await SellAsync(db, [.. Enumerable.Range(Orders, Orders / Days)], _ => today, cancel);
        for (var day = 1; day <= 30; day++)
        {
            var (start, end) = (today.AddDays(-2 * day), today.AddDays(-2 * day + 1));
            var order = await db.Orders.Where(o => o.PlacedAt >= start && o.PlacedAt < end).Select(o => o.Id).FirstAsync(cancel);
            await db.Commissions.Where(c => c.OrderId == order).Set(c => c.NetMinor, 100).Set(c => c.AmountMinor, 10).UpdateAsync(cancel);
        }
    });

    PartnerRow Partner(int i) => new()
    {
        Code = $"partner{i}", Name = $"Partner {i}", Email = $"p{i}@partner.example", SearchKey = $"partner {i}", Locale = i % 3 == 0 ? "fa" : "en", Status = i > Partners ? "pending" : "approved",
        Source = i > Partners ? "signup" : "api", CreatedAt = Began, UpdatedAt = Began,
    };

    /// <summary>A tenth never began; the first is clicked every hour.</summary>
    async Task ClicksAsync(SidecarDb db, int[] chunk, CancellationToken cancel)
    {
        var (sums, clicks) = (new List<(int PartnerId, DateTimeOffset Hour, int Clicks)>(), new List<ClickRow>());
        for (var partner = 1; partner <= Partners * 9 / 10; partner++)
            foreach (var day in chunk)
                for (var hour = 0; hour < 24; hour++)
                    if (dice.NextDouble() < Math.Min(1, 0.02 + 8.0 / partner))
                        sums.Add((partner, Began.AddDays(day).AddHours(hour), dice.Next(1, 9)));
        // The clicks themselves of those who may be on the talk list: what its draft says of a page is looked up in them.
        foreach (var sum in sums.Where(s => s.PartnerId <= Busy && s.Hour >= Began.AddDays(Days - 90)))
            for (var i = 0; i < sum.Clicks; i++)
                clicks.Add(new()
                {
                    Id = $"clk_{sum.PartnerId:00000}{sum.Hour.ToUnixTimeSeconds()}{i}", PartnerId = sum.PartnerId, At = sum.Hour.AddMinutes(i), WindowDays = 30, Flag = "", Visitor = $"v{i}", Network = "203.0.113.0/24",
                    UserAgent = "Firefox", Landing = $"/product/{dice.Next(50)}/",
                });
        Sums += sums.Count;
        await LinkDays.ChangeAsync(db, sums.GroupBy(s => LinkDays.Key.Of(s.PartnerId, 0, s.Hour)), (day, s) => day.Add(new LinkHour(s.Hour.Hour, s.Clicks, 1, 0, 0, 0)), cancel);
        await db.InsertManyAsync(clicks, cancel);
    }

    async Task SellAsync(SidecarDb db, int[] numbers, Func<int, DateTimeOffset> placed, CancellationToken cancel)
    {
        var sold = numbers.Select(n => (Number: n, Partner: 1 + (int)(Partners * 0.85 * Math.Pow(dice.NextDouble(), 3)), At: placed(n))).ToList();
        await db.InsertManyAsync([.. sold.Select(s => Order(s.Number, s.Partner, s.At))], cancel);
        await db.InsertManyAsync([.. sold.Select(s => Commission(s.Number, s.Partner, s.At))], cancel);
        await db.InsertManyAsync([.. sold.SelectMany(s => LargeLedger.Entries(s.Number, s.Partner))], cancel);
    }

    OrderRow Order(int n, int partner, DateTimeOffset at)
    {
        var body = OrderBody.Write(new Order
        {
            Shop = "main", ExternalId = $"{n}", Status = "completed", Currency = "EUR", PlacedAt = at, UpdatedAt = at, Total = 119, Tax = 19, Discount = 10,
            Lines = [.. Enumerable.Range(0, 2).Select(i => new OrderLine { ExternalId = $"{i}", Name = $"Goods {dice.Next(40)}", Categories = [Categories[dice.Next(4)]], Quantity = 1, Subtotal = 55, Total = 50, Tax = 9.5m })],
        });
        return new()
        {
            Id = $"ord_{n:0000000000}", Shop = "main", ExternalId = $"{n}", Status = "completed", Currency = "EUR", PlacedAt = at, UpdatedAt = at, Hash = "h", Body = body, TotalMinor = 11_900, RefundedMinor = 0,
            BaseMinor = 10_000, RuleVersion = 0, Decision = "{}", DecidedFrom = at, PartnerId = partner, Method = n % 8 == 0 ? "coupon" : "click", LagSeconds = n % 8 == 0 ? null : 900, IsNewCustomer = n % 3 == 0, ReceivedAt = at,
        };
    }

    static CommissionRow Commission(int n, int partner, DateTimeOffset at) => new()
    {
        Id = $"com_{n:0000000000}", OrderId = $"ord_{n:0000000000}", PartnerId = partner, Currency = "EUR", AmountMinor = 1_000, NetMinor = 10_000, Status = CommissionStatus.Approved, MaturesAt = at.AddDays(30),
        Explanation = "[]", RuleVersion = 0, ApprovedAt = at.AddDays(30), CreatedAt = at, UpdatedAt = at,
    };

    /// <summary>What people did and what waits for them.</summary>
    async Task TalkAsync(SidecarDb db, CancellationToken cancel)
    {
        DateTimeOffset Some() => Began.AddDays(Days * dice.NextDouble());
        var waits = Began.AddDays(Days - 5);
        await db.InsertManyAsync([.. Enumerable.Range(1, Partners).Select(p => new ThreadRow { PartnerId = p, Subject = "Your page", CreatedAt = Some(), UpdatedAt = waits, WaitingSince = p % 50 == 0 ? waits : null })], cancel);
        await db.InsertManyAsync([.. Enumerable.Range(1, Partners * 4).Select(m => new MessageRow { ThreadId = 1 + m % Partners, At = Some(), Origin = m % 2 == 0 ? "owner" : "partner", Channel = "mail", Actor = "owner", Text = "Thank you." })], cancel);
        await db.InsertManyAsync([.. Enumerable.Range(1, Acts).Select(i => new AuditRow { At = Some(), Actor = "key_1", Action = "talk.done", Subject = PublicId.Of(PublicId.Partner, 1 + i % Partners) })], cancel);
        await db.InsertManyAsync([.. Enumerable.Range(1, Waiting).Select(i => new ApplicationRow { PartnerId = Partners + i, SubmittedAt = waits, AskedAt = waits, ConfirmedAt = waits, LookedAt = waits, Site = "reachable" })], cancel);
    }
}
