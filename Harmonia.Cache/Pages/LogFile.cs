using Harmonia.Protocol.Nar;

namespace Harmonia.Cache.Pages;

/// <summary>The log of a build, open. The caller disposes it.</summary>
/// <param name="File">The file it is in.</param>
/// <param name="IsCompressed">Whether it is compressed by bzip2; else it is plain text.</param>
public sealed record LogFile(TreeNode.Regular File, bool IsCompressed) : IDisposable
{
    /// <summary>When it was last written.</summary>
    public DateTime Written => System.IO.File.GetLastWriteTimeUtc(File.Contents);

    public void Dispose() => File.Dispose();
}
