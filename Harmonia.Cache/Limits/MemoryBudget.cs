namespace Harmonia.Cache.Limits;

/// <summary>How much memory all users of one kind may hold at a time. Any thread may ask.</summary>
/// <param name="total">Bytes.</param>
public sealed class MemoryBudget(long total)
{
    private long _left = total;

    /// <summary>Takes so many bytes, or none when so many are not left.</summary>
    public bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref _left, -bytes) >= 0)
            return true;
        Return(bytes);
        return false;
    }

    /// <summary>Gives back what was taken.</summary>
    public void Return(long bytes) => Interlocked.Add(ref _left, bytes);
}
