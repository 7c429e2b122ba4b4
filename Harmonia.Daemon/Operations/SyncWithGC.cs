namespace Harmonia.Daemon.Operations;

/// <summary>Does nothing. Nix no longer has what it was for.</summary>
internal static class SyncWithGC
{
    public static ValueTask RunAsync(OperationContext context)
    {
        context.Client.BeginReply().WriteUInt64(1);
        return ValueTask.CompletedTask;
    }
}
