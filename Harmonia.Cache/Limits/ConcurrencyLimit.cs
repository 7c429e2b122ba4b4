namespace Harmonia.Cache.Limits;

/// <summary>Limits how many uses of a resource there are at once, and refuses more.</summary>
/// <param name="max">The maximum; 0 for no limit.</param>
public sealed class ConcurrencyLimit(long max)
{
    private long _used;

    public bool TryTake()
    {
        if (Interlocked.Increment(ref _used) <= max || max == 0)
            return true;
        Release();
        return false;
    }

    public void Release() => Interlocked.Decrement(ref _used);
}
