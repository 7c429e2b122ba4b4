using System.Collections.Concurrent;
using Harmonia.Cache.Interop;

namespace Harmonia.Cache.Sending;

/// <summary>
/// Keeps a few contexts that are small: for a body of 2 KB, making one costs three times as much as the compression. Those that a
/// NAR has made large are freed, where making one doesn't count.
/// </summary>
internal sealed class ZstdContextPool : IDisposable
{
    private const int MaxKeptBytes = 4 * 1024 * 1024;
    private static readonly int MaxCached = 2 * Environment.ProcessorCount;

    private readonly ConcurrentBag<ZstdContext> _kept = [];

    public ZstdContext Take() => _kept.TryTake(out ZstdContext? context) ? context : LibZstd.NewContext();

    public void Return(ZstdContext context)
    {
        if (_kept.Count < MaxCached && LibZstd.MemoryOf(context) <= MaxKeptBytes)
            _kept.Add(context);
        else
            context.Dispose();
    }

    public void Dispose()
    {
        while (_kept.TryTake(out ZstdContext? context))
            context.Dispose();
    }
}
