using System.Diagnostics.Metrics;
using AffiliateSidecar.Storage;
using AffiliateSidecar.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AffiliateSidecar.Tracking;

public sealed class ClickIdTests
{
    static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, 123, TimeSpan.Zero);

    static ClickIds Of(SidecarApp app) => new(app.Services.GetRequiredService<Installation>());

    [Fact]
    public async Task A_click_id_tells_partner_link_time_and_window()
    {
        await using var app = await SidecarApp.StartAsync();
        var id = Of(app).New(Noon, 2_000_000_000, 17, 30);
        Assert.Matches("^clk_[0-9a-v]{44}$", id);
        Assert.Equal(new ClickClaim(id, 2_000_000_000, 17, Noon, 30), Of(app).Read(id, out var reason));
        Assert.Null(reason);
    }

    [Fact]
    public async Task Click_ids_sort_by_time_and_within_a_millisecond_by_sequence()
    {
        await using var app = await SidecarApp.StartAsync();
        var ids = Of(app);
        string[] made = [.. Enumerable.Range(0, 2000).Select(i => ids.New(Noon.AddMilliseconds(i / 1000), 2000 - i, i, 30))];
        Assert.Equal(made.Order(StringComparer.Ordinal), made);
        Assert.Equal(2000, made.Distinct().Count());
    }

    [Fact]
    public async Task Nobody_can_alter_a_single_character_of_a_click_id()
    {
        await using var app = await SidecarApp.StartAsync();
        var ids = Of(app);
        var id = ids.New(Noon, 1, 0, 30);
        for (var i = 0; i < id.Length; i++)
            foreach (var c in "0av9V")
                if (id[i] != c)
                    Assert.Null(ids.Read(id[..i] + c + id[(i + 1)..], out _));
        string?[] others = [null, "", "clk_", id[..^1], id + "0", " " + id, id.ToUpperInvariant(), new('0', 48), "clk_" + new string('é', 44)];
        foreach (var text in others)
        {
            Assert.Null(ids.Read(text, out var reason));
            Assert.Equal("not a click id", reason);
        }
    }

    [Fact]
    public async Task A_click_id_of_another_installation_is_refused_and_counted()
    {
        await using var app = await SidecarApp.StartAsync();
        await using var other = await SidecarApp.StartAsync();
        var forged = Of(other).New(Noon, 1, 0, 30);
        var (counted, here) = (0L, Environment.CurrentManagedThreadId);
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name == "affiliate_sidecar.click_ids.refused")
                    self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => counted += Environment.CurrentManagedThreadId == here ? value : 0);
        listener.Start();
        Assert.Null(Of(app).Read(forged, out var reason));
        Assert.Equal("the click id was not issued here, or was altered", reason);
        Assert.Equal(1, counted);
    }
}
