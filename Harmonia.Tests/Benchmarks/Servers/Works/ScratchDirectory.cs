namespace Harmonia.Benchmarks.Servers.Works;

/// <summary>A directory for new stores: in memory if there is room for it, so that the disk does not decide. Disposing it deletes it.</summary>
internal sealed class ScratchDirectory : IDisposable
{
    private const string Memory = "/dev/shm";

    private readonly string _path;

    private ScratchDirectory(string path) => _path = path;

    public static ScratchDirectory Create(Workspace workspace, long wantedBytes) => new(
        Directory.Exists(Memory) && new DriveInfo(Memory).AvailableFreeSpace > wantedBytes
            ? Directory.CreateDirectory($"{Memory}/harmonia-bench.{Path.GetRandomFileName()}").FullName
            : workspace.NewDirectory("scratch"));

    public string PathOf(string name) => Path.Combine(_path, name);

    public void Dispose() => WritableTree.Delete(_path);
}
