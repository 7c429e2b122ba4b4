using System.Globalization;
using Harmonia.Daemon.Interop;
using Harmonia.Protocol.Interop;
using Harmonia.Protocol.Messages.Stderr;
using Harmonia.Protocol.Primitives;

namespace Harmonia.Daemon.Gc;

/// <summary>
/// Cleans up <c>.links</c>, where the files are that several paths share. Nix: src/libstore/gc.cc, LocalStore::collectGarbage.
/// </summary>
internal static class UnusedLinks
{
    private const double MebiByte = 1 << 20;

    /// <summary>Removes the links that no path uses any more.</summary>
    public static void Remove(DirectoryHandle store, Action<LogLevel, string> log, CancellationToken cancellationToken)
    {
        log(LogLevel.Info, "deleting unused links...");
        using DirectoryHandle? links = store.FindDirectory(".links"u8);
        if (links is null)
        {
            return;
        }

        // The size without hard links minus the size with them.
        long saved = -(long)(FileStatus.Of(links.Handle, links.Path).Blocks * 512);
        foreach (byte[] name in links.List())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (links.FindStatus(name) is not FileStatus status)
            {
                continue;
            }

            if (status.Links == 1)
            {
                log(LogLevel.Talkative, $"deleting unused link '{links.Path}/{PrintableBytes.Of(name)}'");
                links.Unlink(name);
            }
            else
            {
                saved += ((long)status.Links - 2) * status.Size;
            }
        }

        log(LogLevel.Info, string.Create(CultureInfo.InvariantCulture, $"note: hard linking is currently saving {Math.Max(0, saved) / MebiByte:F1} MiB"));
    }
}
