using System.Text;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Catalog;

/// <summary>Where the files of the store are; this may differ from the store directory in their paths.</summary>
public sealed class StoreFiles(string directory)
{
    private readonly byte[] _prefix = Encoding.UTF8.GetBytes(directory.TrimEnd('/') + "/");

    /// <summary>The directory of the files.</summary>
    public ReadOnlySpan<byte> Directory => _prefix;

    /// <summary>The raw file name of a store object.</summary>
    public byte[] NameOf(StorePath path)
    {
        byte[] name = new byte[_prefix.Length + path.BaseName.Length];
        _prefix.CopyTo(name, 0);
        Encoding.ASCII.GetBytes(path.BaseName, name.AsSpan(_prefix.Length));
        return name;
    }
}
