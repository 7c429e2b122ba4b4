using Harmonia.Daemon.Store;
using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Operations;

/// <summary>
/// Answers requests to build for a daemon that does not build: what is valid already is done, anything else is refused.
/// Nix: src/libstore/build/entry-points.cc.
/// </summary>
internal sealed class BuildTargets(OperationContext context, Operation operation)
{
    /// <summary>How it went for each target: done, or not to be had from anywhere.</summary>
    /// <exception cref="RefusedException">The client may not ask for this, or something would have to be built.</exception>
    public List<KeyedBuildResult> Realise(BuildPathsRequest request)
    {
        if (request.Mode == BuildMode.Repair && context.Trust != Trust.Trusted)
        {
            throw new RefusedException("repairing is not allowed because you are not in 'trusted-users'");
        }

        return request.Mode == BuildMode.Normal
            ? [.. request.Paths.Select(path => new KeyedBuildResult(path, Realise(path)))]
            : throw new RefusedException($"{operation}: harmonia-daemon does not build, and so can't check or repair either");
    }

    private BuildResult Realise(DerivedPath target) => target switch
    {
        DerivedPath.Opaque opaque => Realise(opaque.Path),
        DerivedPath.Built { Derivation: DerivedPath.Opaque derivation } built => Realise(derivation.Path, built.Outputs),
        _ => throw Unbuilt(target),
    };

    private BuildResult Realise(StorePath path) => context.Database.IsValidPath(path)
        ? new BuildResult { Status = BuildStatus.AlreadyValid }
        : new BuildResult
        {
            Status = BuildStatus.NoSubstituters,
            ErrorMessage = $"path '{Print(path)}' does not exist and cannot be created",
        };

    private BuildResult Realise(StorePath derivation, OutputsSpec wanted)
    {
        if (!context.Database.IsValidPath(derivation))
        {
            return Realise(derivation);
        }

        IReadOnlyDictionary<string, StorePath?> outputs = context.Derivations.QueryOutputs(derivation);
        if (wanted.Names.FirstOrDefault(name => !outputs.ContainsKey(name)) is string unknown)
        {
            throw new RefusedException($"derivation '{Print(derivation)}' does not have wanted outputs '{unknown}'");
        }

        if (!context.Derivations.IsRealised(outputs, wanted))
        {
            throw Unbuilt(new DerivedPath.Built(new DerivedPath.Opaque(derivation), wanted));
        }

        return new BuildResult
        {
            Status = BuildStatus.AlreadyValid,
            BuiltOutputs = [.. outputs
                .Where(output => wanted.IsAll || wanted.Names.Contains(output.Key))
                .Select(output => new BuiltOutput(output.Key, new UnkeyedRealisation { OutPath = output.Value! }))],
        };
    }

    private RefusedException Unbuilt(DerivedPath target) =>
        new($"{operation}: '{target.Print(context.Messages.StoreDirectory)}' would have to be built, and harmonia-daemon does not build");

    private string Print(StorePath path) => context.Messages.StoreDirectory.Print(path);
}
