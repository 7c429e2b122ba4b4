using System.Text;
using Harmonia.Daemon.Interop;
using Harmonia.Protocol.Interop;

namespace Harmonia.Tests.Daemon;

/// <summary>Reads files that another process has locked. .NET's own methods would try to lock them.</summary>
internal static class LockedFile
{
    public static string ReadText(string path)
    {
        using LockFile file = LockFile.Open(path);
        byte[] bytes = new byte[FileStatus.Of(file.Handle, path).Size];
        int length = RandomAccess.Read(file.Handle, bytes, 0);
        return Encoding.UTF8.GetString(bytes, 0, length);
    }
}
