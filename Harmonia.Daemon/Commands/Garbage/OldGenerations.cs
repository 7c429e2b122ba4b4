using System.Text;
using Harmonia.Daemon.Interop;
using Harmonia.Protocol.Interop;

namespace Harmonia.Daemon.Commands.Garbage;

/// <summary>
/// Finds and deletes generations that are older than a time. As in Nix, the current generation stays, and so does the one that was current
/// at that time: the youngest of the older ones. Nix: src/libstore/profiles.cc, deleteGenerationsOlderThan.
/// </summary>
/// <param name="limit">The time.</param>
/// <param name="delete">Whether to delete them.</param>
internal sealed class OldGenerations(DateTimeOffset limit, bool delete)
{
    // profiles/per-user/NAME has two. Who nests deeper wants to exhaust this program's stack.
    private const int MaxDepth = 8;

    private readonly List<Generation> _found = [];

    /// <summary>
    /// The directories with the profiles of the system and of this user. Nix: src/libstore/profiles.cc, profilesDir and getDefaultProfile;
    /// nix-collect-garbage.
    /// </summary>
    public static IReadOnlyList<string> DirectoriesOf(string stateDirectory)
    {
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify);
        string state = Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } named ? named : $"{home}/.local/state";
        return [$"{stateDirectory}/profiles", $"{state}/nix/profiles"];
    }

    /// <summary>Works on all profiles in these directories and below. Returns the old generations, also those that could not be deleted.</summary>
    /// <exception cref="SystemCallException">A directory cannot be read.</exception>
    public async Task<IReadOnlyList<Generation>> FindAsync(IEnumerable<string> directories, CancellationToken cancellationToken)
    {
        foreach (string top in directories.Where(Directory.Exists))
        {
            using DirectoryHandle directory = DirectoryHandle.Open(top);
            await VisitAsync(directory, Encoding.UTF8.GetBytes(top), MaxDepth, cancellationToken);
        }

        return _found;
    }

    private async Task VisitAsync(DirectoryHandle directory, byte[] path, int depth, CancellationToken cancellationToken)
    {
        List<string> names = [.. directory.List().Select(name => ProfileNames.Of(name)).Order(StringComparer.Ordinal)];
        foreach (string name in names)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (directory.FindLink(ProfileNames.Bytes(name)) is byte[] target)
            {
                if (ProfileNames.FindCurrent(name, ProfileNames.Of(target), ProfileNames.Of(path)) is not null)
                {
                    await WorkOnProfileAsync(directory, path, name, names, cancellationToken);
                }
            }
            else if (depth > 0)
            {
                using DirectoryHandle? inner = directory.FindDirectory(ProfileNames.Bytes(name));
                if (inner is not null)
                {
                    await VisitAsync(inner, [.. path, (byte)'/', .. ProfileNames.Bytes(name)], depth - 1, cancellationToken);
                }
            }
        }
    }

    private async Task WorkOnProfileAsync(
        DirectoryHandle directory, byte[] path, string profile, List<string> names, CancellationToken cancellationToken)
    {
        IReadOnlyList<Generation> old = FindOld(directory, path, profile, names);
        if (!delete || old.Count == 0)
        {
            _found.AddRange(old);
            return;
        }

        try
        {
            using ProfileLock? taken = await ProfileLock.TakeAsync(directory, ProfileNames.Bytes(profile), cancellationToken);
            if (taken is null)
            {
                Keep(old, $"another process holds {directory.Describe(ProfileNames.Bytes(profile))}.lock; try again when it has ended");
                return;
            }

            // It may have been switched before this process had the lock.
            foreach (Generation generation in FindOld(directory, path, profile, names))
            {
                directory.Unlink(generation.Link.Span[(path.Length + 1)..]);
                _found.Add(generation);
            }
        }
        catch (SystemCallException exception)
        {
            Keep(old.Where(generation => !_found.Exists(done => done.Link.Span.SequenceEqual(generation.Link.Span))), Explain(exception, directory));
        }
    }

    private IReadOnlyList<Generation> FindOld(DirectoryHandle directory, byte[] path, string profile, List<string> names)
    {
        byte[]? target = directory.FindLink(ProfileNames.Bytes(profile));
        int? current = target is null ? null : ProfileNames.FindCurrent(profile, ProfileNames.Of(target), ProfileNames.Of(path));
        List<Generation> all = [];
        foreach (string name in names)
        {
            if (ProfileNames.FindNumber(profile, name) is int number
                && directory.FindStatus(ProfileNames.Bytes(name)) is { Type: FileType.SymbolicLink, Modified.Seconds: long seconds })
            {
                byte[] link = [.. path, (byte)'/', .. ProfileNames.Bytes(name)];
                all.Add(new Generation(directory.Describe(ProfileNames.Bytes(profile)), number, TimeOf(seconds), link));
            }
        }

        // Without a current generation, somebody is at work on the profile.
        return current is null ? [] : Choose(all, current.Value);
    }

    private IReadOnlyList<Generation> Choose(IEnumerable<Generation> all, int current) =>
    [
        .. all.OrderByDescending(generation => generation.Number).SkipWhile(generation => generation.Created >= limit).Skip(1)
            .Where(generation => generation.Created < limit && generation.Number != current).Reverse(),
    ];

    // The owner of the directory chooses any number, and some file systems keep those that are no time of ours.
    private static DateTimeOffset TimeOf(long seconds) => DateTimeOffset.FromUnixTimeSeconds(
        Math.Clamp(seconds, DateTimeOffset.MinValue.ToUnixTimeSeconds(), DateTimeOffset.MaxValue.ToUnixTimeSeconds()));

    private void Keep(IEnumerable<Generation> generations, string problem) =>
        _found.AddRange(generations.Select(generation => generation with { Problem = problem }));

    private static string Explain(SystemCallException exception, DirectoryHandle directory) => exception.IsRefusal
        ? $"this user may not change {directory.Path}; run the command as root, or as the owner of the profile"
        : exception.Message;
}
