using Harmonia.Protocol.Interop;
using Microsoft.Win32.SafeHandles;

namespace Harmonia.Protocol.Nar;

/// <summary>
/// An open entry that <see cref="TreeDirectory.Find"/> has found. It stays the same file if it is renamed or removed. The caller disposes it.
/// </summary>
public abstract class TreeNode : IDisposable
{
    private TreeNode()
    {
    }

    /// <summary>Closes what is open.</summary>
    public abstract void Dispose();

    /// <summary>A regular file, open for reading.</summary>
    public sealed class Regular : TreeNode
    {
        internal Regular(SafeFileHandle contents, long size) => (Contents, Size) = (contents, size);

        /// <summary>Read it with <see cref="RandomAccess"/>.</summary>
        public SafeFileHandle Contents { get; }

        /// <summary>The length in bytes.</summary>
        public long Size { get; }

        /// <inheritdoc/>
        public override void Dispose() => Contents.Dispose();
    }

    /// <summary>A directory.</summary>
    public sealed class Directory : TreeNode
    {
        internal Directory(TreeDirectory contents) => Contents = contents;

        /// <summary>Its entries.</summary>
        public TreeDirectory Contents { get; }

        /// <summary>Opens the directory at a path of raw bytes. Symbolic links on the way to it are followed.</summary>
        /// <exception cref="ArgumentException">The path is empty or has a NUL.</exception>
        /// <exception cref="FileNotFoundException">There is no directory at this path.</exception>
        /// <exception cref="SystemCallException">The operating system refused to look there.</exception>
        public static Directory Open(ReadOnlySpan<byte> path) => new(TreeDirectory.Open(path));

        /// <inheritdoc/>
        public override void Dispose() => Contents.Dispose();
    }

    /// <summary>A symbolic link, not followed.</summary>
    public sealed class Symlink : TreeNode
    {
        internal Symlink(byte[] target) => Target = target;

        /// <summary>The target, as bytes.</summary>
        public ReadOnlyMemory<byte> Target { get; }

        /// <inheritdoc/>
        public override void Dispose()
        {
        }
    }
}
