using Harmonia.Daemon.Database;
using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Adding;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Operations;

/// <summary>Adds a text file whose store path depends on its text and references. AddToStore replaced it in protocol 1.25.</summary>
internal static class AddTextToStore
{
    public static async ValueTask RunAsync(OperationContext context, CancellationToken cancellationToken)
    {
        AddTextToStoreRequest request =
            await AddTextToStoreRequestCodec.ReadAsync(context.Client.Reader, context.Client.Messages, cancellationToken);
        ContentAddition content = new(context, request.Name, ContentAddressMethod.Text, HashAlgorithm.Sha256, request.References, repair: false);
        StorePath path = await AddAsync(content, request.Text, cancellationToken);
        StorePathCodec.Write(context.Client.BeginReply(), context.Client.Messages, path);
    }

    private static async Task<StorePath> AddAsync(ContentAddition content, ReadOnlyMemory<byte> text, CancellationToken cancellationToken)
    {
        try
        {
            using MemoryStream data = new(text.ToArray());
            return await content.AddAsync(data, isNar: false, cancellationToken);
        }
        catch (FormatException exception)
        {
            throw new RefusedException(exception.Message);
        }
    }
}
