using System.Text;

namespace Harmonia.Protocol.Store;

/// <summary>The text that is signed for a path info. Nix: src/libstore/path-info.cc, ValidPathInfo::fingerprint.</summary>
public static class Fingerprint
{
    /// <summary>
    /// <c>1;path;sha256:nix32;size;references</c> in UTF-8, with full paths, the references separated by commas. Deriver and content
    /// address are not in it.
    /// </summary>
    /// <exception cref="InvalidOperationException">The size of the NAR is not known (0).</exception>
    public static byte[] Of(StoreDirectory directory, ValidPathInfo info)
    {
        if (info.Info.NarSize == 0)
        {
            throw new InvalidOperationException($"{directory.Print(info.Path)} cannot be signed: the size of its NAR is not known.");
        }

        StringBuilder text = new();
        text.Append("1;").Append(directory.Print(info.Path))
            .Append(';').Append(info.Info.NarHash.ToPrefixedBase32())
            .Append(';').Append(info.Info.NarSize)
            .Append(';').AppendJoin(',', info.Info.References.Select(directory.Print));
        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
