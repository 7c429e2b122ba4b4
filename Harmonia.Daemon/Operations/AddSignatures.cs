using Harmonia.Daemon.Database;
using Harmonia.Protocol.Messages.Adding;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Operations;

/// <summary>Adds signatures to a valid path. Any client may: a signature means nothing until its key is trusted.</summary>
internal static class AddSignatures
{
    public static async ValueTask RunAsync(OperationContext context, CancellationToken cancellationToken)
    {
        AddSignaturesRequest request =
            await AddSignaturesRequestCodec.ReadAsync(context.Client.Reader, context.Client.Messages, cancellationToken);
        if (request.Signatures.FirstOrDefault(text => !Signature.TryParse(text, out _)) is string wrong)
        {
            throw new RefusedException($"'{wrong}' is not a signature");
        }

        context.Store.Registry.Change(registration => registration.AddSignatures(request.Path, request.Signatures));
        context.Client.BeginReply().WriteUInt64(1);
    }
}
