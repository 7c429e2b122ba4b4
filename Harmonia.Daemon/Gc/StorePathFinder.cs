using System.Buffers;
using System.Text;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Gc;

/// <summary>Finds store paths in bytes, such as the targets of symlinks and the environments of processes.</summary>
internal sealed class StorePathFinder(StoreDirectory directory)
{
    /// <summary>The maximum length of a store path's base name.</summary>
    private const int MaxBaseName = 255;

    private static readonly SearchValues<byte> NameBytes =
        SearchValues.Create("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ+-._?="u8);

    private readonly byte[] _prefix = Encoding.UTF8.GetBytes(directory.Path + "/");

    /// <summary>Whether a path is inside the store.</summary>
    public bool IsInStore(ReadOnlySpan<byte> path) => path.Length > _prefix.Length && path.StartsWith(_prefix);

    /// <summary>The store path that contains a path; null if it is not inside the store.</summary>
    public StorePath? Find(ReadOnlySpan<byte> path)
    {
        if (!IsInStore(path))
        {
            return null;
        }

        ReadOnlySpan<byte> rest = path[_prefix.Length..];
        int slash = rest.IndexOf((byte)'/');
        return Parse(slash < 0 ? rest : rest[..slash]);
    }

    /// <summary>The store path with this base name; null if the name is not valid.</summary>
    public static StorePath? Parse(ReadOnlySpan<byte> baseName)
    {
        if (baseName.Length > MaxBaseName || baseName.ContainsAnyExcept(NameBytes))
        {
            return null;
        }

        Span<char> text = stackalloc char[MaxBaseName];
        return StorePath.TryParse(text[..Encoding.ASCII.GetChars(baseName, text)], out StorePath? path) ? path : null;
    }

    /// <summary>All store paths that occur anywhere in a text.</summary>
    public List<StorePath> FindAll(ReadOnlySpan<byte> text)
    {
        List<StorePath> paths = [];
        int start;
        while ((start = text.IndexOf(_prefix)) >= 0)
        {
            text = text[(start + _prefix.Length)..];
            int end = text.IndexOfAnyExcept(NameBytes);
            if (Parse(end < 0 ? text : text[..end]) is StorePath path)
            {
                paths.Add(path);
            }
        }

        return paths;
    }

    /// <summary>The store paths in the last field of each line, as in <c>/proc/PID/maps</c>.</summary>
    public List<StorePath> FindAtLineEnds(ReadOnlySpan<byte> text)
    {
        List<StorePath> paths = [];
        foreach (Range range in text.Split((byte)'\n'))
        {
            ReadOnlySpan<byte> line = text[range];
            if (Find(line[(line.LastIndexOf((byte)' ') + 1)..]) is StorePath path)
            {
                paths.Add(path);
            }
        }

        return paths;
    }
}
