using Harmonia.Protocol.Interop;
using Microsoft.Win32.SafeHandles;

namespace Harmonia.Protocol.Nar;

/// <summary>
/// Reads files that must have exactly the size that the NAR gives for them. It keeps a file open between calls if the contents did not
/// fit into the first one. <paramref name="path"/> gives the path of the file being read, for messages.
/// </summary>
internal sealed class FileContents(Func<byte[]> path) : IDisposable
{
    /// <summary>The file that is kept open, if any.</summary>
    public SafeFileHandle? Kept { get; private set; }

    /// <summary>Keeps a file open beyond the caller's scope.</summary>
    public SafeFileHandle Keep(ref OpenFile file)
    {
        Close();
        return Kept = OpenFile.Keep(ref file);
    }

    /// <summary>Reads from the file that is kept open, as <see cref="Read"/> does.</summary>
    public int ReadKept(long offset, long size, Span<byte> destination)
    {
        using OpenFile file = OpenFile.Borrow(Kept!);
        return Read(file, offset, size, destination);
    }

    /// <summary>Fills the destination from <paramref name="offset"/> up to the end of the file; returns the number of bytes.</summary>
    /// <exception cref="NarTreeException">The file is shorter or longer than <paramref name="size"/>.</exception>
    public int Read(in OpenFile file, long offset, long size, Span<byte> destination)
    {
        int wanted = (int)Math.Min(size - offset, destination.Length);
        bool reachesEnd = offset + wanted == size;

        // One byte more than expected shows whether the file has grown, without another call.
        int asked = reachesEnd && wanted < destination.Length ? wanted + 1 : wanted;
        int done = 0;
        while (done < wanted)
        {
            int count = ReadSome(file, offset + done, destination[done..asked]);
            if (count == 0)
                throw new NarTreeException(path(), $"ended after {offset + done} bytes while it was read; its size was {size}");
            done += count;
        }

        if (done > wanted || (reachesEnd && asked == wanted && HasMore(file, size)))
            throw new NarTreeException(path(), $"grew while it was read; its size was {size}");
        return wanted;
    }

    /// <summary>Closes the file that is kept open, if any.</summary>
    public void Close()
    {
        Kept?.Dispose();
        Kept = null;
    }

    public void Dispose() => Close();

    private bool HasMore(in OpenFile file, long size)
    {
        Span<byte> probe = stackalloc byte[1];
        return ReadSome(file, size, probe) > 0;
    }

    private int ReadSome(in OpenFile file, long offset, Span<byte> destination)
    {
        int result = file.Read(offset, destination);
        return result >= 0 ? result : throw new SystemCallException("pread", -result, path());
    }
}
