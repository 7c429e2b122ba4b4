namespace Harmonia.Daemon.Operations;

/// <summary>Does nothing: what it was for is gone from Nix.</summary>
internal static class SyncWithGC
{
    public static ValueTask RunAsync(OperationContext context)
    {
        context.Client.BeginReply().WriteUInt64(1);
        return ValueTask.CompletedTask;
    }
}
