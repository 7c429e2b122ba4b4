using Harmonia.Daemon.Database;
using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Adding;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Operations;

/// <summary>Adds a content-addressed path. Any client may, because the daemon computes the path itself.</summary>
internal static class AddToStore
{
    public static async ValueTask RunAsync(OperationContext context, CancellationToken cancellationToken)
    {
        if (context.Client.Messages.Version.IsAtLeast(25))
        {
            await RunNewAsync(context, cancellationToken);
        }
        else
        {
            await RunOldAsync(context, cancellationToken);
        }
    }

    private static async Task RunNewAsync(OperationContext context, CancellationToken cancellationToken)
    {
        AddToStoreRequest request = await AddToStoreRequestCodec.ReadAsync(context.Client.Reader, context.Client.Messages, cancellationToken);
        StorePath? path = null;
        await Upload.ReceiveFramedAsync(context.Client, ReceiveAsync, cancellationToken);
        UnkeyedValidPathInfo info = context.GetPathInfo(path!);
        ValidPathInfoCodec.Write(context.Client.BeginReply(), context.Client.Messages, new ValidPathInfo { Path = path!, Info = info });

        async Task ReceiveAsync(Stream data)
        {
            if (!ContentAddress.TryParseMethod(request.Method, out ContentAddressMethod method, out HashAlgorithm algorithm))
            {
                throw new RefusedException(
                    $"'{request.Method}' is not a content-addressing method: expected 'text:sha256' or 'fixed:[r:|git:]ALGORITHM'");
            }

            ContentAddition content = new(context, request.Name, method, algorithm, request.References, request.Repair);
            path = await content.AddAsync(data, isNar: method is not (ContentAddressMethod.Flat or ContentAddressMethod.Text), cancellationToken);
        }
    }

    private static async Task RunOldAsync(OperationContext context, CancellationToken cancellationToken)
    {
        OldAddToStoreRequest request = await OldAddToStoreRequestCodec.ReadAsync(context.Client.Reader, cancellationToken);
        StorePath? path = null;
        await Upload.ReceiveInlineAsync(context.Client, ReceiveAsync, cancellationToken);
        StorePathCodec.Write(context.Client.BeginReply(), context.Client.Messages, path!);

        async Task ReceiveAsync(Stream data)
        {
            HashAlgorithm algorithm = HashAlgorithm.Sha256;
            if (request.Fixed && !HashAlgorithms.TryParse(request.HashAlgorithm, out algorithm))
            {
                throw new RefusedException($"unknown hash algorithm '{request.HashAlgorithm}'");
            }

            ContentAddressMethod method = request.Recursive || !request.Fixed ? ContentAddressMethod.Nar : ContentAddressMethod.Flat;
            ContentAddition content = new(context, request.Name, method, algorithm, [], repair: false);
            path = await content.AddAsync(data, isNar: true, cancellationToken);
        }
    }
}
