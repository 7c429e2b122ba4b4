namespace Harmonia.Tests.Support;

/// <summary>How long a test waits for what must happen before it says that it did not: long enough for the slowest machine.</summary>
public static class Patience
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    public static Task<T> InTime<T>(this Task<T> task) => task.WaitAsync(Limit);

    public static Task InTime(this Task task) => task.WaitAsync(Limit);
}
