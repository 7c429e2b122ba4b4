namespace Harmonia.Cache.Limits;

/// <summary>Counts what is in use and refuses more than there may be.</summary>
/// <param name="max">How many there may be; 0 for any number.</param>
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
