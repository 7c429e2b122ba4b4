using System.Text;
using Harmonia.Protocol.Interop;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Store;

/// <summary>The files of store paths.</summary>
/// <param name="realDirectory">The directory with the files, which may differ from the store directory of the paths.</param>
/// <param name="directory">The store directory of the paths.</param>
internal sealed class StoreFiles(string realDirectory, StoreDirectory directory)
{
    /// <summary>All derivations in Nixpkgs are much smaller.</summary>
    private const long MaxDerivationSize = 64 << 20;

    /// <summary>The directory with the files.</summary>
    public string RealDirectory => realDirectory;

    /// <summary>The location of a path's files.</summary>
    public string RealPath(StorePath path) => $"{realDirectory}/{path.BaseName}";

    /// <summary>Whether files of a path exist.</summary>
    /// <exception cref="SystemCallException">The file system cannot be read.</exception>
    public bool Exists(StorePath path) => FileStatus.FindEntry(LibcFiles.CurrentDirectory, Encoding.UTF8.GetBytes(RealPath(path))) is not null;

    /// <summary>Reads a derivation's file.</summary>
    /// <exception cref="InvalidDataException">The file is too large, or not a derivation.</exception>
    public Derivation ReadDerivation(StorePath path)
    {
        using FileStream file = new(RealPath(path), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        if (file.Length > MaxDerivationSize)
        {
            throw new InvalidDataException(
                $"derivation '{directory.Print(path)}' has {file.Length} bytes, which is more than the {MaxDerivationSize} allowed");
        }

        byte[] text = new byte[file.Length];
        file.ReadExactly(text);
        try
        {
            return Derivation.Parse(text, directory);
        }
        catch (FormatException exception)
        {
            throw new InvalidDataException($"error parsing derivation '{directory.Print(path)}': {exception.Message}", exception);
        }
    }
}
