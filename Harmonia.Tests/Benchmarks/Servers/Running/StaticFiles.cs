using System.Security.Cryptography;
using Harmonia.Benchmarks.Servers.Processes;
using Harmonia.Benchmarks.Servers.Store;
using Harmonia.Protocol.Store;

namespace Harmonia.Benchmarks.Servers.Running;

/// <summary>The benchmark store as nginx serves it: narinfos, NARs and listings, which harmonia-cache writes once.</summary>
internal sealed class StaticFiles(Workspace workspace, BenchmarkStore store)
{
    private string Mark => PathOf("made");

    /// <summary>Where a file lies, by the target that asks for it.</summary>
    public string PathOf(string target) => Path.Combine(workspace.StaticFiles, target);

    /// <summary>The target of a path's NAR, without a slash at the beginning.</summary>
    public async Task<string> NarTargetAsync(StorePath path, CancellationToken cancellationToken) =>
        NarInfoText.UrlOf(await File.ReadAllTextAsync(PathOf($"{path.Hash}.narinfo"), cancellationToken));

    /// <summary>The size of a path's NAR.</summary>
    public async Task<long> NarSizeAsync(StorePath path, CancellationToken cancellationToken) =>
        SizeOf(await NarTargetAsync(path, cancellationToken));

    /// <summary>The size of the file that a target asks for, which may be a symbolic link.</summary>
    public long SizeOf(string target)
    {
        using FileStream file = File.OpenRead(PathOf(target));
        return file.Length;
    }

    /// <summary>Has nginx serve another file as well.</summary>
    public void Link(string target, string file)
    {
        string link = PathOf(target);
        Directory.CreateDirectory(Path.GetDirectoryName(link)!);
        File.Delete(link);
        File.CreateSymbolicLink(link, file);
    }

    /// <summary>Writes them, if that was not done yet.</summary>
    /// <param name="source">Whose answers they are. The large NARs are compared with those of nix-store.</param>
    public async Task MakeAsync(Server source, CancellationToken cancellationToken)
    {
        if (File.Exists(Mark))
            return;
        Progress.Step("Writing the store as static files, once ...");
        Directory.CreateDirectory(PathOf("nar"));
        IReadOnlyList<StorePath> large = [.. BenchmarkStore.LargeNames.Select(store.Large)];
        foreach (StorePath path in store.Small.Concat(large))
        {
            await source.SaveAsync($"{path.Hash}.narinfo", PathOf($"{path.Hash}.narinfo"), cancellationToken);
            string nar = await NarTargetAsync(path, cancellationToken);
            await source.SaveAsync(nar, PathOf(nar), cancellationToken);
        }

        foreach (StorePath path in large)
        {
            await source.SaveAsync($"{path.Hash}.ls", PathOf($"{path.Hash}.ls"), cancellationToken);
            await CheckAsync(path, cancellationToken);
        }

        await source.SaveAsync("nix-cache-info", PathOf("nix-cache-info"), cancellationToken);
        await File.WriteAllTextAsync(Mark, "", cancellationToken);
    }

    private async Task CheckAsync(StorePath path, CancellationToken cancellationToken)
    {
        byte[] wanted = await Command.ReadAsync(
            "nix-store",
            ["--dump", store.FilesOf(path)],
            static (nar, cancellation) => SHA256.HashDataAsync(nar, cancellation).AsTask(),
            cancellationToken);
        await using FileStream file = File.OpenRead(PathOf(await NarTargetAsync(path, cancellationToken)));
        byte[] served = await SHA256.HashDataAsync(file, cancellationToken);
        if (!wanted.SequenceEqual(served))
            throw new BenchmarkException($"The NAR of {path} differs from nix-store's.");
    }
}
