using Harmonia.Daemon.Building;
using Harmonia.Daemon.Database;
using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Building;
using Harmonia.Protocol.Messages.Handshake;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Operations;

/// <summary>
/// Realises what a client asks for: skips what is valid already and has the build delegate, if there is one, build the rest.
/// Nix: src/libstore/build/entry-points.cc.
/// </summary>
internal sealed class BuildTargets(OperationContext context, Operation operation)
{
    /// <summary>The result for each target.</summary>
    /// <exception cref="RefusedException">The client may not ask for this, or something has to be built and there is no build delegate.</exception>
    public async Task<List<KeyedBuildResult>> RealiseAsync(BuildPathsRequest request, CancellationToken cancellationToken)
    {
        if (request.Mode == BuildMode.Repair && context.Client.Trust != Trust.Trusted)
        {
            throw new RefusedException("repairing is not allowed because you are not in 'trusted-users'");
        }

        List<DerivedPath> open = [.. request.Paths.Where(target => IsForDelegate(target) && (request.Mode != BuildMode.Normal || !IsRealised(target)))];
        DelegateOutcome? outcome = null;
        if (open.Count > 0 && context.Store.Delegate is BuildDelegate builder)
        {
            outcome = await RunAsync(builder, request.Mode, open, cancellationToken);
        }
        else if (request.Mode != BuildMode.Normal || open.Any(target => target is DerivedPath.Built))
        {
            throw Unbuilt(open.Count > 0 ? open[0] : request.Paths[0]);
        }

        return [.. request.Paths.Select(target => new KeyedBuildResult(target, ResultOf(target, open.Contains(target) ? outcome : null, request.Mode)))];
    }

    /// <summary>The error that says that this daemon does not build, and how to change that.</summary>
    public RefusedException Unbuilt(DerivedPath target) => new(
        $"{operation}: '{target.Print(context.Client.Messages.StoreDirectory)}' has to be built, and harmonia-daemon does not build; "
        + "set build_delegate = \"/path/to/nix-store\" in its configuration to let a local Nix build");

    private BuildResult ResultOf(DerivedPath target, DelegateOutcome? outcome, BuildMode mode)
    {
        if (!IsRealised(target) || (outcome is { IsSuccess: false } && mode != BuildMode.Normal))
        {
            return outcome?.Failure ?? new BuildResult
            {
                Status = BuildStatus.NoSubstituters,
                ErrorMessage = $"path '{Print(Subject(target))}' does not exist and cannot be created",
            };
        }

        BuildStatus made = target is DerivedPath.Built ? BuildStatus.Built : BuildStatus.Substituted;
        return new BuildResult
        {
            Status = outcome is null ? BuildStatus.AlreadyValid : made,
            TimesBuilt = outcome is null ? 0U : 1U,
            StartTime = outcome?.Began ?? 0,
            StopTime = outcome?.Ended ?? 0,
            BuiltOutputs = [.. Outputs(target).Select(output => new BuiltOutput(output.Key, new UnkeyedRealisation { OutPath = output.Value! }))],
        };
    }

    private async Task<DelegateOutcome> RunAsync(
        BuildDelegate builder, BuildMode mode, List<DerivedPath> targets, CancellationToken cancellationToken)
    {
        foreach (StorePath path in targets.SelectMany(target => Outputs(target).Values.Append((target as DerivedPath.Opaque)?.Path)).OfType<StorePath>())
        {
            // Nix's daemon protects its outputs too until the client has made a root.
            await context.AddTempRootAsync(path, cancellationToken);
        }

        IEnumerable<string> arguments =
        [
            "--realise",
            .. mode switch { BuildMode.Check => ["--check"], BuildMode.Repair => ["--repair"], _ => Array.Empty<string>() },
            .. DelegateOptions.Of(context.Client.Options),
            .. targets.Select(ToArgument),
        ];
        return await DelegateRun.RunAsync(builder, arguments, context.Client, cancellationToken);
    }

    /// <summary>The target as <c>nix-store</c> expects it: a derivation alone stands for all of its outputs.</summary>
    private string ToArgument(DerivedPath target) => target switch
    {
        DerivedPath.Built { Outputs.IsAll: true } built => built.Derivation.Print(context.Client.Messages.StoreDirectory),
        _ => target.Print(context.Client.Messages.StoreDirectory),
    };

    /// <summary>Whether the delegate can do anything about a target. It cannot build a derivation that is not in the store.</summary>
    private bool IsForDelegate(DerivedPath target) => target switch
    {
        DerivedPath.Opaque opaque => !opaque.Path.IsDerivation,
        DerivedPath.Built { Derivation: DerivedPath.Opaque derivation } => context.Store.Database.IsValidPath(derivation.Path),
        _ => throw Unbuilt(target),
    };

    private bool IsRealised(DerivedPath target) => target switch
    {
        DerivedPath.Built { Derivation: DerivedPath.Opaque derivation } when !context.Store.Database.IsValidPath(derivation.Path) => false,
        DerivedPath.Built => Outputs(target).Values.All(path => path is not null && context.Store.Database.IsValidPath(path)),
        _ => context.Store.Database.IsValidPath(Subject(target)),
    };

    /// <summary>The wanted outputs with their paths, where known. Empty for a target that is a path.</summary>
    private Dictionary<string, StorePath?> Outputs(DerivedPath target)
    {
        if (target is not DerivedPath.Built built)
        {
            return [];
        }

        StorePath derivation = Subject(target);
        IReadOnlyDictionary<string, StorePath?> outputs = context.Store.Derivations.QueryOutputs(derivation);
        return built.Outputs.Names.FirstOrDefault(name => !outputs.ContainsKey(name)) is string unknown
            ? throw new RefusedException($"derivation '{Print(derivation)}' does not have wanted outputs '{unknown}'")
            : outputs.Where(output => built.Outputs.IsAll || built.Outputs.Names.Contains(output.Key)).ToDictionary();
    }

    private StorePath Subject(DerivedPath target) => target switch
    {
        DerivedPath.Opaque opaque => opaque.Path,
        DerivedPath.Built { Derivation: DerivedPath.Opaque derivation } => derivation.Path,
        _ => throw Unbuilt(target),
    };

    private string Print(StorePath path) => context.Client.Messages.StoreDirectory.Print(path);
}
