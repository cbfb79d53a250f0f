namespace AffiliateSidecar.Fraud;

/// <summary>What is known of a partner from the start.</summary>
sealed record PartnerIdentity(int Id, string Code, DateOnly JoinedOn, string? EmailKey, string? PayoutKey, uint SignupAddress, uint Website)
{
    /// <summary>The id in the files that the partner was imported from.</summary>
    public string? ExternalId { get; init; }
}

/// <summary>An order is returned, cancelled or charged back.</summary>
sealed record ReturnNews(string OrderId, DateTimeOffset At, ReturnKind Kind);

/// <summary>All news of one day.</summary>
sealed record DayNews(DateOnly Day, IReadOnlyList<(int Partner, DayFigures Figures)> Clicks, IReadOnlyList<(int Partner, OrderFigures Order)> Orders,
    IReadOnlyList<ReturnNews> Returns);

/// <summary>
/// The program day by day. What is not added yet is not known: a replay cannot look ahead, because the future is not there.
/// Days older than <see cref="KeptDays"/> are forgotten.
/// </summary>
sealed class ProgramHistory(string currency, IEnumerable<PartnerIdentity> partners)
{
    public const int KeptDays = 120, AddressDays = 60;

    sealed class Partner(PartnerIdentity identity)
    {
        public PartnerIdentity Identity { get; } = identity;
        public List<DayFigures> Days { get; } = [];
        public List<OrderFigures> Orders { get; } = [];

        /// <summary>As <see cref="PartnerFigures.QuickOrders"/> has them: sorted as they come, as they are asked for every day.</summary>
        List<OrderFigures> Quick { get; } = [];

        public void Add(OrderFigures order)
        {
            Orders.Add(order);
            if (order.Lag > TimeSpan.SecondsPerDay || order.Click is not { } click)
                return;
            var place = Quick.Count;
            while (place > 0 && Quick[place - 1].Click!.Day > click.Day)
                place--;
            Quick.Insert(place, order);
        }

        public List<OrderFigures> Forget(DateOnly oldest)
        {
            var gone = Orders.TakeWhile(o => o.Day < oldest).ToList();
            Orders.RemoveRange(0, gone.Count);
            Quick.RemoveAll(o => o.Day < oldest);
            return gone;
        }

        public PartnerFigures Figures() => new()
        {
            PartnerId = Identity.Id, Code = Identity.Code, JoinedOn = Identity.JoinedOn, EmailKey = Identity.EmailKey, PayoutKey = Identity.PayoutKey, SignupAddress = Identity.SignupAddress,
            Website = Identity.Website, Days = Days.ToArray(), Orders = Orders.ToArray(), QuickOrders = Quick.ToArray(),
        };
    }

    readonly Dictionary<int, Partner> partners = partners.ToDictionary(p => p.Id, p => new Partner(p));
    readonly Dictionary<string, OrderFigures> orders = new(StringComparer.Ordinal);
    readonly Dictionary<uint, HashSet<int>> agentPartners = [];
    readonly Dictionary<uint, int> agents = [];
    readonly Seen addresses = new();
    DateOnly? from;

    public string Currency { get; } = currency;

    public DateOnly Today { get; private set; }

    public IReadOnlyDictionary<int, PartnerIdentity> Identities => partners.ToDictionary(p => p.Key, p => p.Value.Identity);

    public void Add(DayNews news)
    {
        if (from is not null && news.Day <= Today)
            throw new ArgumentException("Days are added in their order.", nameof(news));
        from ??= news.Day;
        Today = news.Day;
        foreach (var (id, day) in news.Clicks)
        {
            if (!partners.TryGetValue(id, out var partner))
                continue;
            partner.Days.Add(day);
            foreach (var agent in day.Agents)
            {
                if (!agentPartners.TryGetValue(agent.Value, out var seenBy))
                    agentPartners[agent.Value] = seenBy = [];
                if (seenBy.Add(id))
                    agents[agent.Value] = seenBy.Count;
            }
            foreach (var address in day.Addresses)
                addresses.Add(address.Value, id, day.Day);
        }
        foreach (var (id, order) in news.Orders)
        {
            if (!partners.TryGetValue(id, out var partner))
                continue;
            partner.Add(order);
            orders[order.Id] = order;
            if (order.Address != 0)
                addresses.Add(order.Address, id, news.Day);
        }
        foreach (var change in news.Returns)
            // The first word counts: an order charged back after it was returned was lost already.
            if (orders.TryGetValue(change.OrderId, out var order) && (order.ReturnedAt is null || order.ReturnedAt > change.At))
                (order.Return, order.ReturnedAt) = (change.Kind, change.At);
        if (Today.DayNumber % 10 == 0)
            Forget();
    }

    public ProgramFigures Figures() => new()
    {
        From = from ?? Today, Today = Today, Currency = Currency, AgentPartners = agents, AddressPartners = addresses.Counts,
        Partners = [.. partners.Values.Where(p => p.Days.Count > 0 || p.Orders.Count > 0).Select(p => p.Figures()).OrderBy(p => p.PartnerId)],
    };

    void Forget()
    {
        var (oldest, oldestAddress) = (Today.AddDays(-KeptDays), Today.AddDays(-AddressDays));
        addresses.Forget(oldestAddress);
        foreach (var partner in partners.Values)
        {
            partner.Days.RemoveRange(0, partner.Days.TakeWhile(d => d.Day < oldest).Count());
            for (var i = 0; i < partner.Days.Count && partner.Days[i].Day < oldestAddress; i++)
                partner.Days[i] = WithoutAddresses(partner.Days[i]);
            foreach (var order in partner.Forget(oldest))
                orders.Remove(order.Id);
        }
    }

    static DayFigures WithoutAddresses(DayFigures day)
    {
        if (day.Addresses.IsEmpty)
            return day;
        // Asked for while they are there, it stays known.
        _ = day.Crowded;
        return day with { Addresses = [] };
    }

    /// <summary>How many partners an address was seen at, exact up to two.</summary>
    sealed class Seen
    {
        // Millions of addresses: two partners and the last day are all that fits into 16 bytes.
        readonly record struct Entry(int First, int Second, ushort Partners, ushort LastDay);

        readonly Dictionary<uint, Entry> entries = [];
        readonly int epoch = new DateOnly(2000, 1, 1).DayNumber;

        public IReadOnlyDictionary<uint, int> Counts { get; }

        public Seen() => Counts = new View(entries);

        public void Add(uint value, int partner, DateOnly at)
        {
            ref var entry = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(entries, value, out _);
            var day = (ushort)Math.Clamp(at.DayNumber - epoch, 0, ushort.MaxValue);
            // Beyond two partners they are counted when they alternate: many is all that matters then.
            entry = entry.Partners == 0 ? new(partner, 0, 1, day)
                : entry.First == partner || entry.Second == partner ? entry with { LastDay = Math.Max(entry.LastDay, day) }
                : entry.Partners == 1 ? new(entry.First, partner, 2, day)
                : new(entry.First, partner, (ushort)Math.Min(ushort.MaxValue, entry.Partners + 1), Math.Max(entry.LastDay, day));
        }

        public void Forget(DateOnly before)
        {
            foreach (var (value, entry) in entries)
                if (entry.LastDay < before.DayNumber - epoch)
                    entries.Remove(value);
        }

        sealed class View(Dictionary<uint, Entry> entries) : IReadOnlyDictionary<uint, int>
        {
            public int this[uint key] => entries[key].Partners;
            public IEnumerable<uint> Keys => entries.Keys;
            public IEnumerable<int> Values => entries.Values.Select(e => (int)e.Partners);
            public int Count => entries.Count;
            public bool ContainsKey(uint key) => entries.ContainsKey(key);
            public bool TryGetValue(uint key, out int value)
            {
                var found = entries.TryGetValue(key, out var entry);
                value = entry.Partners;
                return found;
            }
            public IEnumerator<KeyValuePair<uint, int>> GetEnumerator() => entries.Select(e => KeyValuePair.Create(e.Key, (int)e.Value.Partners)).GetEnumerator();
            System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
        }
    }
}
