using System.Buffers;
using Harmonia.Cache.Interop;
using Harmonia.Protocol.Nar;
using Harmonia.Protocol.Store;
using Microsoft.Win32.SafeHandles;

namespace Harmonia.Cache.NarCache;

/// <summary>
/// The directory of stored NARs. A name appears when all behind it is on the disk; what is not finished has a name of another form, and
/// the next start removes it. One process at a time has it.
/// </summary>
internal sealed class NarCacheDirectory : IDisposable
{
    private const string TemporaryExtension = ".tmp";
    private const string LockName = "lock";
    private const int PieceLength = 256 * 1024;

    private readonly FileStream _lock;

    /// <summary>Makes the directory if there is none, and locks it.</summary>
    /// <exception cref="IOException">It cannot be made or written to, or another process has it.</exception>
    /// <exception cref="UnauthorizedAccessException">It belongs to somebody else.</exception>
    public NarCacheDirectory(string path)
    {
        Path = System.IO.Path.GetFullPath(path);
        Directory.CreateDirectory(Path);
        _lock = new FileStream(FileOf(LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
    }

    public string Path { get; }

    /// <summary>Removes what was not finished, and tells of the rest, last used first to last.</summary>
    public IReadOnlyList<StoredNar> Recover(out int unfinished)
    {
        unfinished = 0;
        List<(StoredNar Nar, DateTime Used)> found = new();
        foreach (FileInfo file in new DirectoryInfo(Path).EnumerateFiles())
        {
            if (file.Extension == TemporaryExtension)
            {
                file.Delete();
                unfinished++;
            }
            else if (StoredNar.Parse(file.Name, file.Length) is { } nar)
            {
                found.Add((nar, file.LastAccessTimeUtc > file.LastWriteTimeUtc ? file.LastAccessTimeUtc : file.LastWriteTimeUtc));
            }
        }

        return [.. found.OrderBy(file => file.Used).Select(file => file.Nar)];
    }

    /// <summary>An empty file without a name that counts.</summary>
    /// <exception cref="NotStoredException">The disk is full, or the like.</exception>
    public TemporaryNar Begin()
    {
        string path = FileOf(Guid.NewGuid().ToString("N") + TemporaryExtension);
        try
        {
            return new TemporaryNar(path, File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new NotStoredException(exception.Message, exception);
        }
    }

    /// <summary>Opens a file; null when it is gone.</summary>
    public SafeFileHandle? Open(StoredNar nar)
    {
        try
        {
            return File.OpenHandle(FileOf(nar.FileName), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Reads a file to its end.</summary>
    public static NarHash HashOf(SafeFileHandle file)
    {
        using NarHasher hasher = new();
        byte[] piece = ArrayPool<byte>.Shared.Rent(PieceLength);
        try
        {
            long offset = 0;
            for (int read = RandomAccess.Read(file, piece, offset); read > 0; read = RandomAccess.Read(file, piece, offset))
            {
                hasher.Append(piece.AsSpan(0, read));
                offset += read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }

        Span<byte> hash = stackalloc byte[NarHash.ByteLength];
        hasher.Finish(hash);
        return NarHash.FromBytes(hash);
    }

    /// <summary>Gives a file its name.</summary>
    public void Rename(TemporaryNar file, StoredNar nar) => File.Move(file.Path, FileOf(nar.FileName), overwrite: true);

    /// <summary>Makes names survive a loss of power.</summary>
    public void Sync() => Libc.SyncDirectory(Path);

    /// <summary>Makes a file that says all by its name.</summary>
    public void Mark(StoredNar nar) => File.WriteAllBytes(FileOf(nar.FileName), []);

    /// <summary>
    /// Notes for the next start that a file was used. The time of access and not that of change, which tells those who are sending it
    /// that they have other bytes.
    /// </summary>
    public void Touch(StoredNar nar) => File.SetLastAccessTimeUtc(FileOf(nar.FileName), DateTime.UtcNow);

    /// <summary>Takes a file's name away. Removing a large file takes long, so that is left to <see cref="Remove"/>.</summary>
    /// <returns>The path it has now; null when it was gone.</returns>
    public string? Retire(StoredNar nar)
    {
        string retired = FileOf(Guid.NewGuid().ToString("N") + TemporaryExtension);
        try
        {
            File.Move(FileOf(nar.FileName), retired);
            return retired;
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Removes a file. Those who have it open go on reading.</summary>
    public static void Remove(string path) => File.Delete(path);

    public void Dispose() => _lock.Dispose();

    private string FileOf(string name) => System.IO.Path.Combine(Path, name);
}
