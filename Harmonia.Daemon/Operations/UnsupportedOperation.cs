using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Nar;
using Harmonia.Protocol.Wire;

namespace Harmonia.Daemon.Operations;

/// <summary>Reads the request of an operation that this daemon does not have, uploads included, and says no by name.</summary>
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
            case Operation.HasSubstitutes or Operation.QueryPathHash or Operation.QueryReferences:
                _ = await StorePathCodec.ReadAsync(reader, messages, cancellationToken).ConfigureAwait(false);
                break;
            case Operation.AddToStore when messages.Version.IsAtLeast(25):
                _ = await AddToStoreRequestCodec.ReadAsync(reader, messages, cancellationToken).ConfigureAwait(false);
                await new FramedReader(reader).DrainAsync(cancellationToken).ConfigureAwait(false);
                break;
            case Operation.AddToStore:
                _ = await OldAddToStoreRequestCodec.ReadAsync(reader, cancellationToken).ConfigureAwait(false);
                await SkipNarAsync(reader, cancellationToken).ConfigureAwait(false);
                break;
            case Operation.AddTextToStore:
                _ = await AddTextToStoreRequestCodec.ReadAsync(reader, messages, cancellationToken).ConfigureAwait(false);
                break;
            case Operation.AddToStoreNar:
                _ = await AddToStoreNarRequestCodec.ReadAsync(reader, messages, cancellationToken).ConfigureAwait(false);
                if (messages.Version.IsAtLeast(23))
                {
                    await new FramedReader(reader).DrainAsync(cancellationToken).ConfigureAwait(false);
                }
                else if (!messages.Version.IsAtLeast(21))
                {
                    // At 1.21 and 1.22 the client sends nothing that it is not asked for.
                    await SkipNarAsync(reader, cancellationToken).ConfigureAwait(false);
                }

                break;
            case Operation.AddMultipleToStore:
                _ = await AddMultipleToStoreRequestCodec.ReadAsync(reader, cancellationToken).ConfigureAwait(false);
                await new FramedReader(reader).DrainAsync(cancellationToken).ConfigureAwait(false);
                break;
            case Operation.AddBuildLog:
                _ = await StorePathCodec.ReadBaseNameAsync(reader, cancellationToken).ConfigureAwait(false);
                await new FramedReader(reader).DrainAsync(cancellationToken).ConfigureAwait(false);
                break;
            case Operation.AddIndirectRoot:
                _ = await reader.ReadBytesAsync(WireLimits.FilePath, cancellationToken).ConfigureAwait(false);
                break;
            case Operation.AddPermRoot:
                _ = await AddPermRootRequestCodec.ReadAsync(reader, messages, cancellationToken).ConfigureAwait(false);
                break;
            case Operation.AddSignatures:
                _ = await AddSignaturesRequestCodec.ReadAsync(reader, messages, cancellationToken).ConfigureAwait(false);
                break;
            case Operation.BuildDerivation:
                _ = await BuildDerivationRequestCodec.ReadAsync(reader, messages, cancellationToken).ConfigureAwait(false);
                break;
            case Operation.CollectGarbage:
                _ = await CollectGarbageRequestCodec.ReadAsync(reader, messages, cancellationToken).ConfigureAwait(false);
                break;
            case Operation.ExportPath:
                _ = await ExportPathRequestCodec.ReadAsync(reader, messages, cancellationToken).ConfigureAwait(false);
                break;
            case Operation.RegisterDrvOutput when messages.RealisationWithPathNotHash:
                _ = await BuildTraceEntryCodec.ReadAsync(reader, messages, cancellationToken).ConfigureAwait(false);
                break;
            case Operation.RegisterDrvOutput:
                _ = await RealisationCodec.ReadAsync(reader, messages, cancellationToken).ConfigureAwait(false);
                break;
            case Operation.VerifyStore:
                _ = await VerifyStoreRequestCodec.ReadAsync(reader, cancellationToken).ConfigureAwait(false);
                break;
            case Operation.FindRoots or Operation.OptimiseStore or Operation.ImportPaths:
                // Nothing to read: an import is pulled, like the upload above.
                break;
            default:
                throw new WireException($"invalid operation {(uint)operation}");
        }
    }

    // Only its end tells where the request ends.
    private static async ValueTask SkipNarAsync(WireReader reader, CancellationToken cancellationToken)
    {
        NarParser parser = new();
        while (!parser.IsComplete)
        {
            ReadOnlyMemory<byte> available = await reader.PeekAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                reader.Consume(parser.Consume(available.Span));
            }
            catch (NarFormatException exception)
            {
                throw new WireException(exception.Message, exception);
            }
        }
    }
}
