using System.Collections.Concurrent;

namespace Harmonia.Cache.Sending;

/// <summary>
/// Keeps a few small contexts: for a body of 2 KB a new context costs three times as much as the compression. Large contexts are freed: for
/// a large body the cost of a new context does not matter, and its memory does.
/// </summary>
internal sealed class ZstdContextPool : IDisposable
{
    private const int MaxKeptBytes = 1024 * 1024;
    private static readonly int MaxCached = 2 * Environment.ProcessorCount;

    private readonly ConcurrentBag<ZstdContext> _kept = [];

    public ZstdContext Take() => _kept.TryTake(out ZstdContext? context) ? context : new ZstdContext();

    public void Return(ZstdContext context)
    {
        if (_kept.Count < MaxCached && context.Memory <= MaxKeptBytes)
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
