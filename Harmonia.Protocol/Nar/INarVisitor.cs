namespace Harmonia.Protocol.Nar;

/// <summary>
/// Is told what a <see cref="NarParser"/> finds, in the order of the NAR. Names and targets are checked: names are not empty,
/// not <c>.</c> or <c>..</c>, without <c>/</c> and NUL and ascending within a directory; targets are not empty and without NUL.
/// Spans are valid during the call only. The root has an empty name. An exception thrown here ends the parsing.
/// </summary>
/// <remarks>A directory's entries come between its begin and its end, a file's contents in any number of pieces between its.</remarks>
public interface INarVisitor
{
    /// <summary>A directory begins.</summary>
    void BeginDirectory(ReadOnlySpan<byte> name);

    /// <summary>The innermost directory is complete.</summary>
    void EndDirectory();

    /// <summary>A regular file begins; exactly <paramref name="size"/> bytes follow.</summary>
    void BeginFile(ReadOnlySpan<byte> name, long size, bool isExecutable);

    /// <summary>The next bytes of the file, at least one.</summary>
    void Contents(ReadOnlySpan<byte> data);

    /// <summary>The file is complete.</summary>
    void EndFile();

    /// <summary>A symbolic link, whole. Its target is untrusted text.</summary>
    void Symlink(ReadOnlySpan<byte> name, ReadOnlySpan<byte> target);
}
