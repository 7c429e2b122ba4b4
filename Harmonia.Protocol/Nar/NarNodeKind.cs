namespace Harmonia.Protocol.Nar;

/// <summary>The three kinds of file system objects that a NAR can contain.</summary>
public enum NarNodeKind : byte
{
    /// <summary>A file with contents.</summary>
    Regular,

    /// <summary>A symbolic link, which is never followed.</summary>
    Symlink,

    /// <summary>A directory.</summary>
    Directory,
}
