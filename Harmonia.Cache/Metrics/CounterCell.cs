namespace Harmonia.Cache.Metrics;

/// <summary>One number that any thread changes.</summary>
public sealed class CounterCell
{
    private long _value;

    public long Value => Interlocked.Read(ref _value);

    public void Add(long amount) => Interlocked.Add(ref _value, amount);
}
