using Harmonia.Daemon.Store;
using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Wire;

namespace Harmonia.Daemon.Operations;

/// <summary>Reads the request of an operation that this daemon does not have, and says no by name.</summary>
internal static class UnsupportedOperation
{
    public static async ValueTask RunAsync(Operation operation, OperationContext context, CancellationToken cancellationToken)
    {
        await SkipAsync(operation, context, cancellationToken).ConfigureAwait(false);
        throw new RefusedException($"{operation}: harmonia-daemon does not support this operation");
    }

    private static async ValueTask SkipAsync(Operation operation, OperationContext context, CancellationToken cancellationToken)
    {
        WireReader reader = context.Reader;
        MessageContext messages = context.Messages;
        switch (operation)
        {
            case Operation.BuildDerivation:
                _ = await BuildDerivationRequestCodec.ReadAsync(reader, messages, cancellationToken).ConfigureAwait(false);
                break;
            default:
                throw new WireException($"invalid operation {(uint)operation}");
        }
    }
}
