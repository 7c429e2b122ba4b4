using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Harmonia.Tests.Support;

/// <summary>
/// A page in a running Chromium, driven by its debugging protocol: with a size, a colour scheme and a way to measure, which the command
/// line does not have.
/// </summary>
public sealed class BrowserPage : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly TemporaryDirectory _profile = new();
    private readonly ClientWebSocket _socket = new();
    private readonly CancellationTokenSource _patience = new();
    private Process? _process;
    private int _id;

    private BrowserPage()
    {
    }

    /// <summary>Starts a browser with an empty page.</summary>
    public static async Task<BrowserPage> StartAsync()
    {
        BrowserPage page = new();
        try
        {
            page._patience.CancelAfter(Limit);
            await page.ConnectAsync();
            await page.SendAsync("Page.enable", []);
            return page;
        }
        catch
        {
            await page.DisposeAsync();
            throw;
        }
    }

    /// <summary>Loads a page and waits until it is there.</summary>
    /// <param name="url">Its URL.</param>
    /// <param name="width">The width of the window in CSS pixels.</param>
    /// <param name="dark">Whether the reader prefers dark pages.</param>
    public async Task OpenAsync(string url, int width, bool dark = false)
    {
        _patience.CancelAfter(Limit);
        await SendAsync("Emulation.setDeviceMetricsOverride", new JsonObject
        {
            ["width"] = width,
            ["height"] = 900,
            ["deviceScaleFactor"] = 1,
            ["mobile"] = width < 600,
        });
        await SendAsync("Emulation.setEmulatedMedia", new JsonObject
        {
            ["features"] = new JsonArray(new JsonObject { ["name"] = "prefers-color-scheme", ["value"] = dark ? "dark" : "light" }),
        });
        await SendAsync("Page.navigate", new JsonObject { ["url"] = url }, until: "Page.loadEventFired");
    }

    /// <summary>The value of an expression in the page, as JSON. The page's own policy does not apply to it.</summary>
    public async Task<JsonNode> EvaluateAsync(string expression)
    {
        JsonObject result = await SendAsync("Runtime.evaluate", new JsonObject { ["expression"] = expression, ["returnByValue"] = true });
        return result["exceptionDetails"] is { } problem
            ? throw new InvalidOperationException(problem.ToJsonString())
            : result["result"]!["value"]!.DeepClone();
    }

    /// <summary>Does what a person does, and waits for the page that follows.</summary>
    public Task ActAsync(string script) =>
        SendAsync("Runtime.evaluate", new JsonObject { ["expression"] = script }, until: "Page.loadEventFired");

    /// <summary>A picture of the whole page as PNG.</summary>
    public async Task<byte[]> PictureAsync()
    {
        JsonObject result = await SendAsync("Page.captureScreenshot", new JsonObject { ["captureBeyondViewport"] = true });
        return Convert.FromBase64String(result["data"]!.GetValue<string>());
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        if (_process is not null)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
            _process.Dispose();
        }

        _patience.Dispose();
        _profile.Dispose();
    }

    private async Task ConnectAsync()
    {
        _process = Process.Start(new ProcessStartInfo("chromium",
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--hide-scrollbars", "--remote-debugging-port=0",
            $"--user-data-dir={_profile.Path}", "about:blank",
        ])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        // It writes there as long as it runs.
        _process.ErrorDataReceived += static (_, _) => { };
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();

        // Chromium writes the number of its port there, and a line with the path of the browser.
        string file = _profile["DevToolsActivePort"];
        await Patience.UntilAsync(() => File.Exists(file) && File.ReadAllLines(file).Length > 1);
        using HttpClient client = new();
        string list = await client.GetStringAsync(new Uri($"http://127.0.0.1:{(await File.ReadAllLinesAsync(file))[0]}/json/list"), _patience.Token);
        JsonNode page = JsonNode.Parse(list)!.AsArray().Single(target => target!["type"]!.GetValue<string>() == "page")!;
        await _socket.ConnectAsync(new Uri(page["webSocketDebuggerUrl"]!.GetValue<string>()), _patience.Token);
    }

    // Answers have the number of their command; other messages are events.
    private async Task<JsonObject> SendAsync(string method, JsonObject parameters, string? until = null)
    {
        int id = ++_id;
        JsonObject command = new() { ["id"] = id, ["method"] = method, ["params"] = parameters };
        await _socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(command), WebSocketMessageType.Text, endOfMessage: true, _patience.Token);
        JsonObject? result = null;
        bool isOver = until is null;
        while (result is null || !isOver)
        {
            JsonObject message = await ReceiveAsync();
            isOver |= until is not null && message["method"]?.GetValue<string>() == until;
            if (message["id"]?.GetValue<int>() == id)
                result = message["result"]?.AsObject() ?? throw new InvalidOperationException(message.ToJsonString());
        }

        return result;
    }

    private async Task<JsonObject> ReceiveAsync()
    {
        using MemoryStream text = new();
        byte[] buffer = new byte[64 * 1024];
        ValueWebSocketReceiveResult part;
        do
        {
            part = await _socket.ReceiveAsync(buffer.AsMemory(), _patience.Token);
            text.Write(buffer, 0, part.Count);
        }
        while (!part.EndOfMessage);
        return JsonNode.Parse(text.ToArray())!.AsObject();
    }
}
