using Harmonia.Daemon.Building;
using Harmonia.Daemon.Database;
using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Building;
using Harmonia.Protocol.Messages.Handshake;
using Harmonia.Protocol.Store;
using Harmonia.Protocol.Wire;

namespace Harmonia.Daemon.Operations;

/// <summary>
/// Has the build delegate build a derivation that the client sends. An untrusted client may only build content-addressed outputs: nothing
/// shows that another output is what its path claims.
/// </summary>
internal static class BuildDerivation
{
    public static async ValueTask RunAsync(OperationContext context, CancellationToken cancellationToken)
    {
        BuildDerivationRequest request =
            await BuildDerivationRequestCodec.ReadAsync(context.Client.Reader, context.Client.Messages, cancellationToken);
        if (context.Client.Trust != Trust.Trusted && request.Derivation.Outputs.Any(output => output.HashAlgorithm.Length == 0))
        {
            throw new RefusedException("you are not privileged to build input-addressed derivations");
        }

        BuildResult result = FindPresent(context, request) ?? await BuildAsync(context, request, cancellationToken);
        BuildResultCodec.Write(context.Client.BeginReply(), context.Client.Messages, result);
    }

    /// <summary>The result if all outputs are valid already; null if something has to be built.</summary>
    private static BuildResult? FindPresent(OperationContext context, BuildDerivationRequest request)
    {
        List<BuiltOutput> outputs = [];
        foreach (BasicDerivationOutput output in request.Derivation.Outputs)
        {
            if (!context.Client.Messages.StoreDirectory.TryParsePath(output.Path, out StorePath? path) || !context.Store.Database.IsValidPath(path))
            {
                return null;
            }

            outputs.Add(new BuiltOutput(output.Name, new UnkeyedRealisation { OutPath = path }));
        }

        return request.Mode == BuildMode.Normal && outputs.Count > 0 ? new BuildResult { Status = BuildStatus.AlreadyValid, BuiltOutputs = outputs } : null;
    }

    private static async Task<BuildResult> BuildAsync(OperationContext context, BuildDerivationRequest request, CancellationToken cancellationToken)
    {
        if (context.Store.Delegate is not BuildDelegate builder)
        {
            throw new BuildTargets(context, Operation.BuildDerivation).Unbuilt(new DerivedPath.Built(new DerivedPath.Opaque(request.Path), OutputsSpec.All));
        }

        if (request.Mode != BuildMode.Normal)
        {
            throw new RefusedException("BuildDerivation: expected the build mode 'normal'; use BuildPaths to check or repair");
        }

        if (context.Client.Trust != Trust.Trusted)
        {
            // With a derivation path of its choice the client could write the log of another derivation.
            request = request with { Path = await WriteAsync(context, request, cancellationToken) };
        }

        foreach (BasicDerivationOutput output in request.Derivation.Outputs)
        {
            if (context.Client.Messages.StoreDirectory.TryParsePath(output.Path, out StorePath? path))
            {
                await context.AddTempRootAsync(path, cancellationToken);
            }
        }

        IEnumerable<string> arguments = ["--serve", "--write", .. DelegateOptions.Of(context.Client.Options)];
        return await context.Client.WhileConnectedAsync(token => FollowAsync(builder.Start(arguments), context, request, token), cancellationToken);
    }

    private static async Task<BuildResult> FollowAsync(
        DelegateProcess process, OperationContext context, BuildDerivationRequest request, CancellationToken cancellationToken)
    {
        await using (process)
        {
            Task<(int Status, string Error)> end =
                process.FollowAsync(message => DelegateRun.ReportAsync(message, context.Client, cancellationToken), cancellationToken);
            BuildResult? result = null;
            try
            {
                result = await ServeConnection.BuildAsync(process, request, context.Client.Messages, context.Client.Options, cancellationToken);
            }
            catch (Exception exception) when (exception is WireException or IOException)
            {
                // The delegate writes the reason to its standard error.
            }

            process.Input.Close();
            (int status, string error) = await end;
            return result ?? throw new RefusedException(
                error.Length > 0 ? error : $"the build delegate exited with status {status} without an error message");
        }
    }

    private static async Task<StorePath> WriteAsync(OperationContext context, BuildDerivationRequest request, CancellationToken cancellationToken)
    {
        ContentAddition content = new(
            context, request.Path.Name.ToString(), ContentAddressMethod.Text, HashAlgorithm.Sha256, request.Derivation.InputSources, repair: false);
        try
        {
            using MemoryStream text = new(DerivationText.Of(request.Derivation, context.Client.Messages.StoreDirectory));
            return await content.AddAsync(text, isNar: false, cancellationToken);
        }
        catch (FormatException exception)
        {
            throw new RefusedException(exception.Message);
        }
    }
}
