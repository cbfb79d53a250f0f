using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.CommandLine;
using System.Diagnostics;
using System.Net;
using AffiliateSidecar.Fraud;
using AffiliateSidecar.ReferenceData;
using AffiliateSidecar.Tracking;
using Microsoft.Extensions.Logging.Abstractions;

namespace AffiliateSidecar.ProvingGround;

/// <summary>The project's own detector on made-up programs: through the same profiles and the same replay as in the product, without its database.</summary>
static class Prove
{
    internal static Command Command()
    {
        var seeds = new Option<string>("--seeds") { DefaultValueFactory = _ => "1-20", Description = "First and last seed" };
        var partners = new Option<int>("--partners") { DefaultValueFactory = _ => 60 };
        var days = new Option<int>("--days") { DefaultValueFactory = _ => 60 };
        var cheats = new Option<double>("--cheats") { DefaultValueFactory = _ => 0.15, Description = "Share of partners who cheat; 0 for none" };
        var verbose = new Option<bool>("--verbose") { Description = "Every alert, and why the missed were missed" };
        var command = new Command("prove", "Replay the detector over programs and judge its alerts") { seeds, partners, days, cheats, verbose };
        command.SetAction(parsed =>
        {
            var range = parsed.GetValue(seeds)!.Split('-').Select(int.Parse).ToArray();
            var started = Stopwatch.GetTimestamp();
            var log = parsed.GetValue(verbose) ? Console.Out : null;
            var judged = new ConcurrentDictionary<int, Judged>();
            Parallel.For(range[0], range[^1] + 1, new ParallelOptions { MaxDegreeOfParallelism = 2 }, seed =>
                judged[seed] = Run(ProgramGenerator.Generate(new() { Seed = seed, Partners = parsed.GetValue(partners), Days = parsed.GetValue(days), CheatShare = parsed.GetValue(cheats) }), $"{seed}", log));
            Console.Write(Scorer.Judge([.. judged.OrderBy(j => j.Key).Select(j => j.Value)]));
            Console.WriteLine($"{Stopwatch.GetElapsedTime(started).TotalSeconds:0} s");
        });
        return command;
    }

    /// <summary>Replays a program and judges what was said.</summary>
    public static Judged Run(GeneratedProgram program, string name, TextWriter? log = null)
    {
        var (replay, names) = Begin(program);
        var rows = Rows(program, replay, program.Facts.End);
        if (log is not null)
            Explain(program, names, rows, replay, name, log);
        return new(program.Truth(name), [.. rows.Select(r => new Alert(names[r.PartnerId], r.Day.ToDateTime(new TimeOnly(23, 59, 59), DateTimeKind.Utc), r.Score, string.Join(' ', r.Reasons), r.IsAlert, $"{r.Message}"))]);
    }

    /// <summary>What the replay says day by day.</summary>
    /// <param name="last">The last day that is told of; null: all of them.</param>
    public static IReadOnlyList<ReplayRow> Replay(GeneratedProgram program, DateOnly? last = null) => Rows(program, Begin(program).Replay, last ?? program.Facts.End);

    static (FraudReplay Replay, Dictionary<int, string> Names) Begin(GeneratedProgram program)
    {
        var ids = Numbers(program);
        var history = new ProgramHistory(program.Facts.Currency, program.Affiliates.Select(a => new PartnerIdentity(ids[a.Id], a.Code, a.JoinedAt, a.EmailHash, a.PayoutHash, Address(a.SignupIp),
            ClickFacts.Referrer(a.Website))));
        return (new(history, BuiltInSignals.All, program.Facts.Start, Thresholds.Default), ids.ToDictionary(i => i.Value, i => i.Key));
    }

    static List<ReplayRow> Rows(GeneratedProgram program, FraudReplay replay, DateOnly last)
    {
        var rows = new List<ReplayRow>();
        foreach (var news in Days(program, Numbers(program)).TakeWhile(n => n.Day <= last))
            rows.AddRange(replay.Step(news));
        rows.AddRange(replay.Finish());
        return rows;
    }

    static Dictionary<string, int> Numbers(GeneratedProgram program) => program.Affiliates.Select((a, i) => (a.Id, Number: i + 1)).ToDictionary(a => a.Id, a => a.Number, StringComparer.Ordinal);

    static void Explain(GeneratedProgram program, Dictionary<int, string> names, List<ReplayRow> rows, FraudReplay replay, string name, TextWriter log)
    {
        var labels = program.Labels.ToLookup(l => l.Affiliate);
        var text = new System.Text.StringBuilder();
        foreach (var row in rows.Where(r => r.IsAlert))
        {
            var label = labels[names[row.PartnerId]].MinBy(l => l.Start);
            var kind = label is null ? $"FALSE {program.Archetypes[names[row.PartnerId]]}" : row.Day < label.Start ? $"EARLY {label.Kind} {label.Start:MM-dd}" : $"right {label.Kind} {label.Strength} {label.Start:MM-dd}";
            text.AppendLine($"{name} {row.Day:MM-dd} {names[row.PartnerId]} {row.Score:0.00} {kind} | {string.Join(' ', row.Reasons.Take(4))}");
            if (label is null || row.Day < label.Start)
                foreach (var finding in replay.At(row.PartnerId)!.Findings.OrderByDescending(f => f.Weight).Take(4))
                    text.AppendLine($"      {(finding.IsSuspicious ? '*' : ' ')} {finding.Signal} {finding.Strength:0.0}: {finding.Finding.Text}");
        }
        foreach (var label in program.Labels.Where(l => !rows.Any(r => r.IsAlert && names[r.PartnerId] == l.Affiliate)))
        {
            var partner = names.First(n => n.Value == label.Affiliate).Key;
            text.AppendLine($"{name} MISSED {label.Affiliate} {label.Kind} {label.Strength} {label.Start:MM-dd}..{label.End:MM-dd} loss {label.Loss:0} ({program.Archetypes[label.Affiliate]})");
            foreach (var finding in replay.At(partner)?.Findings.OrderByDescending(f => f.Weight).Take(4) ?? [])
                text.AppendLine($"      {(finding.IsSuspicious ? '*' : ' ')} {finding.Signal} {finding.Strength:0.0}: {finding.Finding.Text}");
        }
        lock (log)
            log.Write(text);
    }

    static IEnumerable<DayNews> Days(GeneratedProgram program, Dictionary<string, int> ids)
    {
        var shipped = Path.Combine(AppContext.BaseDirectory, "reference");
        var reference = new ReferenceFiles(new ReferenceFolders(shipped, shipped), NullLogger<ReferenceFiles>.Instance);
        var (agents, ads, facts) = (new Tracking.Agents(reference), new AdClickIds(reference), new AddressFacts(reference));
        var hosted = new Dictionary<uint, bool>();
        bool IsHosted(uint ip) => hosted.TryGetValue(ip, out var known) ? known : hosted[ip] = facts.Find(new IPAddress(BinaryPrimitives.ReverseEndianness(ip))).IsHosting;
        var recent = new Dictionary<(string, string, uint, string), long>();
        var countries = new Dictionary<uint, uint>();
        foreach (var click in program.Clicks)
            countries[click.Ip >> 16] = ClickFacts.Country(click.Country);
        var traits = new Dictionary<string, (string Text, uint Hash, bool IsBot)>(StringComparer.Ordinal);
        (string Text, uint Hash, bool IsBot) Agent(string text)
        {
            if (!traits.TryGetValue(text, out var known))
                traits[text] = known = agents.Find(text) is var found ? (found.Text, ClickFacts.Text(found.Text), found.IsBot) : default;
            return known;
        }
        ClickTraits Traits(Click c) => new(new DateTimeOffset(c.At, TimeSpan.Zero), Agent(c.UserAgent).Hash, ClickFacts.Country(c.Country), ClickFacts.Referrer(c.Referrer), ClickFacts.Land(c.Landing, ads.Find(c.Landing)?.IsPaid == true), Address(c.Ip), IsHosted(c.Ip));
        var (click0, order0) = (0, 0);
        var reported = new Dictionary<(string, string), DateOnly>();
        var shown = program.Impressions.ToLookup(i => DateOnly.FromDateTime(DateTime.UnixEpoch.AddSeconds(i.Hour)));
        var returns = program.Refunds.ToLookup(r => DateOnly.FromDateTime(DateTime.UnixEpoch.AddSeconds(r.Time)));
        for (var day = program.Facts.Start; day < program.Facts.End; day = day.AddDays(1))
        {
            foreach (var seen in shown[day])
                reported[(seen.Affiliate, seen.Link)] = day;
            var shownClicks = new Dictionary<int, int[]>();
            var profiles = new SortedDictionary<int, DayProfile>();
            DayProfile Of(string affiliate) => profiles.TryGetValue(ids[affiliate], out var profile) ? profile : profiles[ids[affiliate]] = new();
            for (; click0 < program.Clicks.Count && DateOnly.FromDateTime(program.Clicks[click0].At) <= day; click0++)
            {
                var click = program.Clicks[click0];
                var key = (click.Affiliate, click.Link, click.Ip, click.UserAgent);
                var repeats = recent.TryGetValue(key, out var last) && click.Time - last < 10;
                recent[key] = click.Time;
                if (repeats || Agent(click.UserAgent).IsBot)
                    Of(click.Affiliate).AddInvalid();
                else
                {
                    if (reported.TryGetValue((click.Affiliate, click.Link), out var lastShown) && day.DayNumber - lastShown.DayNumber < FraudData.DaysWithoutImpressions)
                        (shownClicks.TryGetValue(ids[click.Affiliate], out var byHour) ? byHour : shownClicks[ids[click.Affiliate]] = new int[24])[click.At.Hour]++;
                    var t = Traits(click);
                    Of(click.Affiliate).Add(click.At.Hour, t.Agent, t.Country, t.Referrer, t.Landing, t.Address, t.IsHosted);
                }
            }
            var impressions = new Dictionary<int, long[]>();
            foreach (var seen in shown[day])
            {
                Of(seen.Affiliate);
                (impressions.TryGetValue(ids[seen.Affiliate], out var hours) ? hours : impressions[ids[seen.Affiliate]] = new long[24])[DateTime.UnixEpoch.AddSeconds(seen.Hour).Hour] += seen.Count;
            }
            var orders = new List<(int, OrderFigures)>();
            for (; order0 < program.Orders.Count && DateOnly.FromDateTime(program.Orders[order0].At) <= day; order0++)
            {
                var o = program.Orders[order0];
                orders.Add((ids[o.Affiliate], new OrderFigures
                {
                    Id = o.Id, PlacedAt = new DateTimeOffset(o.At, TimeSpan.Zero), Click = o.Click is null ? null : Traits(o.Click), AmountMinor = o.AmountMinor, CommissionMinor = o.AmountMinor / 10,
                    IsNewCustomer = o.IsNewCustomer, Customer = o.CustomerHash, Address = Address(o.Ip), Country = countries.GetValueOrDefault(o.Ip >> 16), HasCoupon = o.Coupon.Length > 0, IsLead = o.IsLead,
                }));
            }
            yield return new(day, [.. profiles.Select(p => (p.Key, p.Value.Figures(day) is var figures && impressions.TryGetValue(p.Key, out var hours) ? figures with { Impressions = [.. hours], ShownClicks = [.. shownClicks.GetValueOrDefault(p.Key) ?? new int[24]] }
                : figures with { ShownClicks = shownClicks.TryGetValue(p.Key, out var without) ? [.. without] : [] }))],
                orders, [.. returns[day].Select(r => new ReturnNews(r.Order.Id, DateTimeOffset.UnixEpoch.AddSeconds(r.Time), FraudData.Kind(r.Reason, r.Order.IsLead)))]);
        }
    }

    static uint Address(uint ip) => ip == 0 ? 0 : Math.Max(1, ip * 2654435761u);

    static uint Address(string ip) => ip.Split('.') is { Length: 4 } parts ? Address(parts.Aggregate(0u, (sum, part) => sum << 8 | uint.Parse(part))) : 0;
}
