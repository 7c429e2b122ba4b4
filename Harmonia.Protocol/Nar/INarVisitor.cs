namespace Harmonia.Protocol.Nar;

/// <summary>
/// Receives what a <see cref="NarParser"/> finds, in the order of the NAR. The parser checks names and targets. A name is not empty, is
/// neither <c>.</c> nor <c>..</c>, contains no <c>/</c> and no NUL, and sorts after the previous name in its directory. A target is not
/// empty and contains no NUL. Spans are valid only during the call. The root has an empty name. An exception from here ends the parsing.
/// </summary>
/// <remarks>The entries of a directory come between its begin and its end, the contents of a file in any number of pieces.</remarks>
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
