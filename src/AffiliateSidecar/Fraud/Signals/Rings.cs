using System.Runtime.InteropServices;

namespace AffiliateSidecar.Fraud.Signals;

/// <summary>
/// Partners that share customers, private lines and accounts. An agency honestly has two sites on one account: the account alone is no ring, buyers in common are.
/// </summary>
sealed class Rings : IFraudSignal
{
    const int Window = 60, LeastShared = 3;

    // What it is worth that the other one of a pair is of a ring.
    const double Known = 2;

    // A household orders under a name or two; behind a carrier's address there are always others.
    const int Household = 2;

    // Honest partners hardly ever share three buyers.
    const double Reliability = 1.5;

    public string Id => "rings";

    public string Family => "ring";

    public IEnumerable<Finding> Evaluate(ProgramFigures program)
    {
        var span = DaySpan.Last(program.Today, Window);
        var buyers = new Dictionary<(string, int), List<OrderFigures>>();
        var byKey = new Dictionary<string, HashSet<int>>(StringComparer.Ordinal);
        var members = new Members(program, span);
        var (customers, sizes) = SharedCustomers(program, span);
        foreach (var partner in program.Partners)
            foreach (var order in partner.OrdersIn(span))
            {
                foreach (var key in Keys(program, order, customers))
                {
                    (byKey.TryGetValue(key, out var at) ? at : byKey[key] = []).Add(partner.PartnerId);
                    (buyers.TryGetValue((key, partner.PartnerId), out var own) ? own : buyers[(key, partner.PartnerId)] = []).Add(order);
                }
                foreach (var buyer in members.Buyers(order))
                {
                    if (buyer == partner.PartnerId)
                        continue;
                    // Every day on which one partner buys through another counts: there is only one such customer.
                    var key = $"partner:{Math.Min(buyer, partner.PartnerId)}:{Math.Max(buyer, partner.PartnerId)}:{order.Day.DayNumber}";
                    byKey[key] = [buyer, partner.PartnerId];
                    (buyers.TryGetValue((key, partner.PartnerId), out var own) ? own : buyers[(key, partner.PartnerId)] = []).Add(order);
                }
            }
        var pairs = new Dictionary<(int, int), HashSet<string>>();
        foreach (var (key, at) in byKey)
            if (at.Count is >= 2 and <= 6)
                foreach (var a in at)
                    foreach (var b in at)
                        if (a < b)
                            (pairs.TryGetValue((a, b), out var shared) ? shared : pairs[(a, b)] = []).Add(key);
        var partners = program.Partners.ToDictionary(p => p.PartnerId);
        // Customers in common by chance: of all pairs, as their sizes would have it.
        var total = Math.Max(1.0, pairs.Sum(p => p.Value.Count));
        var weight = Math.Max(1.0, sizes.Values.Sum(s => (double)s) * sizes.Values.Sum(s => (double)s) / 2);
        var linked = new Dictionary<int, (HashSet<int> With, double Strength, HashSet<string> Keys)>();
        foreach (var ((a, b), shared) in pairs)
        {
            var expected = Math.Max(0.05, total * sizes[a] * sizes[b] / weight);
            var sameAccount = partners[a].PayoutKey is { } account && account == partners[b].PayoutKey || partners[a].EmailKey is { } mail && mail == partners[b].EmailKey;
            var sameLine = partners[a].SignupAddress != 0 && partners[a].SignupAddress == partners[b].SignupAddress;
            var strength = -new RateSpread(3, 3).LogAtLeast(shared.Count, expected) + (sameAccount ? 2 : 0) + (sameLine ? 2 : 0);
            if (shared.Count < LeastShared || shared.Count < 4 * expected || shared.Count < 0.1 * Math.Min(sizes[a], sizes[b]) || strength < 4)
                continue;
            Link(a, b, strength, shared);
            Link(b, a, strength, shared);
        }
        // Whoever shares less, but with one of a ring, belongs to it; not whoever shares with such a one.
        var certain = linked.ToDictionary(l => l.Key, l => l.Value.Strength);
        foreach (var ((a, b), shared) in pairs.Where(p => p.Value.Count >= LeastShared - 1 && p.Value.Count >= 10 * total * sizes[p.Key.Item1] * sizes[p.Key.Item2] / weight && certain.ContainsKey(p.Key.Item1) != certain.ContainsKey(p.Key.Item2)))
        {
            var (member, other) = certain.ContainsKey(a) ? (a, b) : (b, a);
            // It was looked for among all partners, so one such pair is less rare than it seems.
            var looked = Math.Log10(Math.Max(1, program.Partners.Count - 1));
            var own = -new RateSpread(3, 3).LogAtLeast(shared.Count, Math.Max(0.05, total * sizes[a] * sizes[b] / weight)) + Known - looked;
            Link(other, member, Math.Clamp(own, 0, certain[member] - 1), shared);
        }
        foreach (var (id, link) in linked)
        {
            var orders = link.Keys.SelectMany(k => buyers.GetValueOrDefault((k, id)) ?? []).Distinct().ToList();
            yield return new(id, FindingState.Suspicious, ["shared_identity", "fake_orders", "self_purchase", "ip_concentration"],
                $"{link.Keys.Count} customers or private lines are shared with {link.With.Count} other partners: they ordered {orders.Count} times from this one.", 0,
                orders.Where(o => o.Return == ReturnKind.None).Sum(o => o.CommissionMinor))
            {
                Evidence = new("customers and lines shared with other partners", link.Keys.Count, 0, LeastShared), Strength = Math.Min(link.Strength * Reliability, 10), Ring = [.. link.With.Order()],
                Honest = "Two sites of one owner; friends who buy from each other.", Orders = [.. orders.Select(o => o.Id)],
            };
        }

        void Link(int partner, int other, double strength, HashSet<string> shared)
        {
            if (!linked.TryGetValue(partner, out var link))
                linked[partner] = link = ([], 0, []);
            link.With.Add(other);
            link.Keys.UnionWith(shared);
            linked[partner] = link with { Strength = Math.Max(link.Strength, strength) };
        }
    }

    static IEnumerable<string> Keys(ProgramFigures program, OrderFigures order, HashSet<string> shared)
    {
        if (order.Customer is { } customer && shared.Contains(customer))
            yield return customer;
        if (order.Address != 0 && program.AddressPartners.GetValueOrDefault(order.Address) is >= 2 and <= 4)
            yield return $"line:{order.Address}";
    }

    /// <summary>Customers of two partners or more, as most are one's alone; and how many customers each partner has.</summary>
    static (HashSet<string> Shared, Dictionary<int, int> Sizes) SharedCustomers(ProgramFigures program, DaySpan span)
    {
        var (shared, sizes) = (new HashSet<string>(StringComparer.Ordinal), new Dictionary<int, int>());
        var lastPartners = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var partner in program.Partners)
        {
            var own = 0;
            foreach (var order in partner.OrdersIn(span))
            {
                if (order.Customer is not { } customer)
                    continue;
                ref var last = ref CollectionsMarshal.GetValueRefOrAddDefault(lastPartners, customer, out var isKnown);
                if (isKnown && last == partner.PartnerId)
                    continue;
                if (isKnown)
                    shared.Add(customer);
                last = partner.PartnerId;
                own++;
            }
            sizes[partner.PartnerId] = own;
        }
        return (shared, sizes);
    }

    /// <summary>Which partner an order's customer is: by the e-mail address, or by the line it signed up on where no other did.</summary>
    sealed class Members(ProgramFigures program, DaySpan span)
    {
        readonly ILookup<string, int> mails = program.Partners.Where(p => p.EmailKey is not null).ToLookup(p => p.EmailKey!, p => p.PartnerId, StringComparer.Ordinal);
        readonly ILookup<uint, int> lines = program.Partners.Where(p => p.SignupAddress != 0).ToLookup(p => p.SignupAddress, p => p.PartnerId);
        readonly Dictionary<uint, int> customers = Customers(program, span);

        public IEnumerable<int> Buyers(OrderFigures order)
        {
            var byMail = order.Customer is { } customer && mails.Contains(customer) ? mails[customer] : [];
            // A carrier's or an office's line is many people's.
            var byLine = order.Address != 0 && lines.Contains(order.Address) && lines[order.Address].Take(2).Count() == 1
                && program.AddressPartners.GetValueOrDefault(order.Address) <= 2 && customers.GetValueOrDefault(order.Address) <= Household ? lines[order.Address] : [];
            return byMail.Any() || byLine.Any() ? byMail.Concat(byLine).Distinct() : [];
        }

        /// <summary>How many people ordered from each line that a partner signed up on.</summary>
        static Dictionary<uint, int> Customers(ProgramFigures program, DaySpan span)
        {
            var signedUp = program.Partners.Select(p => p.SignupAddress).Where(a => a != 0).ToHashSet();
            return program.Partners.SelectMany(p => p.OrdersIn(span)).Where(o => signedUp.Contains(o.Address)).GroupBy(o => o.Address)
                .ToDictionary(g => g.Key, g => g.Select(o => o.Customer ?? o.Id).Distinct().Count());
        }
    }
}
