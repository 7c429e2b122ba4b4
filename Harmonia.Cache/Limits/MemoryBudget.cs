namespace Harmonia.Cache.Limits;

/// <summary>How much memory all users of one kind may hold together. Thread-safe.</summary>
/// <param name="total">Bytes.</param>
public sealed class MemoryBudget(long total)
{
    private long _left = total;

    /// <summary>Takes this many bytes, or none if fewer are left.</summary>
    public bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref _left, -bytes) >= 0)
            return true;
        Return(bytes);
        return false;
    }

    /// <summary>Returns bytes.</summary>
    public void Return(long bytes) => Interlocked.Add(ref _left, bytes);
}
