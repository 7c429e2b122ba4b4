using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Catalog;

/// <summary>Makes what is remembered of a path besides the answer of the daemon. Thread-safe.</summary>
public interface IPathAttachments
{
    /// <summary>Whether an attachment would still be made the same way.</summary>
    bool Hold(ReadOnlySpan<byte> attachment);

    /// <summary>Makes the attachment of a path.</summary>
    /// <param name="path">The path.</param>
    /// <param name="record">The same without an attachment.</param>
    byte[] Make(ValidPathInfo path, PathRecord record);
}
