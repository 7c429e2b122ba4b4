using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Harmonia.Tests.Support;

/// <summary>The real browser, without a window and with a profile of its own for each page.</summary>
public static class Chromium
{
    /// <summary>Takes a picture of a page, as PNG.</summary>
    public static async Task<byte[]> PictureAsync(string url, bool dark)
    {
        using TemporaryDirectory folder = new();
        string picture = folder["page.png"];
        // 0 is dark, 1 light (mojom::PreferredColorScheme).
        await RunAsync(folder, [$"--blink-settings=preferredColorScheme={(dark ? 0 : 1)}", "--window-size=1000,1400", $"--screenshot={picture}", url]);
        return await File.ReadAllBytesAsync(picture);
    }

    /// <summary>The page's elements after the browser has read them, as HTML.</summary>
    public static async Task<string> ElementsAsync(string url)
    {
        using TemporaryDirectory folder = new();
        return (await RunAsync(folder, ["--dump-dom", url])).Text;
    }

    /// <summary>Red, green and blue of the pixel in the upper left corner of a PNG.</summary>
    public static (byte Red, byte Green, byte Blue) FirstPixel(byte[] png)
    {
        using MemoryStream compressed = new();
        // After the signature: chunks of length, type, contents and checksum.
        for (int at = 8; at < png.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
            if (Encoding.ASCII.GetString(png, at + 4, 4) == "IDAT")
                compressed.Write(png, at + 8, length);
            at += length + 12;
        }

        compressed.Position = 0;
        using ZLibStream pixels = new(compressed, CompressionMode.Decompress);
        // Each row begins with its filter, which changes nothing in the first pixel of the first row.
        byte[] start = new byte[4];
        pixels.ReadExactly(start);
        return (start[1], start[2], start[3]);
    }

    private static Task<CommandResult> RunAsync(TemporaryDirectory folder, IEnumerable<string> arguments) => Command.RunAsync("chromium",
    [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", "--hide-scrollbars", $"--user-data-dir={folder["profile"]}", .. arguments,
    ]);
}
