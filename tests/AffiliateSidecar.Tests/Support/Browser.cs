using AffiliateSidecar.Support;
using Microsoft.Playwright;
using Xunit;

[assembly: AssemblyFixture(typeof(Browser))]

namespace AffiliateSidecar.Support;

/// <summary>Debian's Chromium, started when the first test asks for it and shared by the run. Every test gets a window with nothing remembered.</summary>
public sealed class Browser : IAsyncDisposable
{
    static readonly SemaphoreSlim Starting = new(1, 1);
    static Browser? running;

    IPlaywright? playwright;
    IBrowser? chromium;

    public Browser() => running = this;

    /// <param name="width">Of the window: 390 is a phone, 1280 a desk.</param>
    /// <param name="scripts">Whether pages may run JavaScript.</param>
    public static async Task<IPage> OpenAsync(int width = 1280, bool scripts = true)
    {
        var browser = running ?? throw new InvalidOperationException("The assembly fixture has not been made.");
        await Starting.WaitAsync();
        try
        {
            browser.chromium ??= await browser.StartAsync();
        }
        finally
        {
            Starting.Release();
        }
        var context = await browser.chromium.NewContextAsync(new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = width, Height = 900 }, JavaScriptEnabled = scripts });
        context.SetDefaultTimeout(15_000);
        return await context.NewPageAsync();
    }

    async Task<IBrowser> StartAsync()
    {
        playwright = await Playwright.CreateAsync();
        return await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium",
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (chromium is not null)
            await chromium.DisposeAsync();
        playwright?.Dispose();
    }
}
