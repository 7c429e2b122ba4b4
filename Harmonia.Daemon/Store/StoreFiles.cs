using System.Text;
using Harmonia.Daemon.Interop;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Store;

/// <summary>The store's objects in the file system.</summary>
/// <param name="realDirectory">The folder they are in, which may not be the one their paths say.</param>
/// <param name="directory">The one their paths say.</param>
internal sealed class StoreFiles(string realDirectory, StoreDirectory directory)
{
    /// <summary>No derivation of Nixpkgs comes near it.</summary>
    private const long MaxDerivationSize = 64 << 20;

    /// <summary>The folder they are in.</summary>
    public string RealDirectory => realDirectory;

    /// <summary>Where the files of a path are.</summary>
    public string RealPath(StorePath path) => $"{realDirectory}/{path.BaseName}";

    /// <summary>Whether there is anything in the place of a path.</summary>
    /// <exception cref="LibcException">It can't be looked at.</exception>
    public bool Exists(StorePath path) => FileStatus.FindEntry(Libc.NoDirectory, Encoding.UTF8.GetBytes(RealPath(path))) is not null;

    /// <summary>Reads a derivation.</summary>
    /// <exception cref="InvalidDataException">The file is too large, or not a derivation.</exception>
    public Derivation ReadDerivation(StorePath path)
    {
        using FileStream file = new(RealPath(path), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        if (file.Length > MaxDerivationSize)
        {
            throw new InvalidDataException(
                $"derivation '{directory.Print(path)}' has {file.Length} bytes, which is more than the {MaxDerivationSize} allowed here");
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
