namespace Harmonia.Daemon.Operations;

/// <summary>The number of valid paths.</summary>
internal static class CountValidPaths
{
    public static ValueTask RunAsync(OperationContext context)
    {
        long count = context.Store.PathCount.Find();
        context.Client.BeginReply().WriteUInt64((ulong)count);
        return ValueTask.CompletedTask;
    }
}
