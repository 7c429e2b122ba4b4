using System.Buffers;
using Harmonia.Cache.Interop;
using Harmonia.Protocol.Nar;
using Harmonia.Protocol.Store;
using Microsoft.Win32.SafeHandles;

namespace Harmonia.Cache.NarCache;

/// <summary>
/// The directory of stored NARs. A file gets its name when all of its bytes are on the disk. An unfinished file has a name of another form, and
/// the next start removes it. Only one process at a time uses the directory.
/// </summary>
internal sealed class NarCacheDirectory : IDisposable
{
    private const string TemporaryExtension = ".tmp";
    private const string LockName = "lock";
    private const int PieceLength = 256 * 1024;

    private readonly FileStream _lock;

    /// <summary>Creates the directory if there is none, and locks it.</summary>
    /// <exception cref="IOException">It cannot be created or written to, or another process uses it.</exception>
    /// <exception cref="UnauthorizedAccessException">It belongs to another user.</exception>
    public NarCacheDirectory(string path)
    {
        Path = System.IO.Path.GetFullPath(path);
        Directory.CreateDirectory(Path);
        _lock = new FileStream(FileOf(LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
    }

    public string Path { get; }

    /// <summary>Removes unfinished files and returns the others, the one used longest ago first.</summary>
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

    /// <summary>Creates an empty file with a temporary name.</summary>
    /// <exception cref="NotStoredException">The disk is full, or the file cannot be created for another reason.</exception>
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

    /// <summary>Opens a file; null if it is gone.</summary>
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

    /// <summary>Reads a whole file and returns its hash.</summary>
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

    /// <summary>Makes the names survive a loss of power.</summary>
    public void Sync() => Libc.SyncDirectory(Path);

    /// <summary>Creates an empty file whose name says everything.</summary>
    public void Mark(StoredNar nar) => File.WriteAllBytes(FileOf(nar.FileName), []);

    /// <summary>
    /// Notes for the next start that a file was used. It sets the time of access; a new time of change would tell the requests that send the file
    /// that its bytes have changed.
    /// </summary>
    public void Touch(StoredNar nar) => File.SetLastAccessTimeUtc(FileOf(nar.FileName), DateTime.UtcNow);

    /// <summary>Takes the name of a file away. <see cref="Remove"/> deletes it, which takes long for a large file.</summary>
    /// <returns>Its new path; null if it was gone.</returns>
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

    /// <summary>Deletes a file. Requests that have it open can read on.</summary>
    public static void Remove(string path) => File.Delete(path);

    public void Dispose() => _lock.Dispose();

    private string FileOf(string name) => System.IO.Path.Combine(Path, name);
}
