using System.Security.Cryptography;
using System.Text;

namespace Harmonia.Benchmarks.Servers.Store;

/// <summary>Writes the files and trees that become large store paths.</summary>
internal static class SampleFiles
{
    private const int BufferSize = 1 << 20;
    private const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    /// <summary>20,000 files of 950 random bytes, in 200 directories.</summary>
    public static void WriteTinyFiles(string directory)
    {
        for (int folder = 1; folder <= 200; folder++)
        {
            string each = Directory.CreateDirectory(Path.Combine(directory, $"{folder}")).FullName;
            for (int file = 0; file < 100; file++)
                File.WriteAllBytes(Path.Combine(each, $"x{file:D3}"), RandomNumberGenerator.GetBytes(950));
        }
    }

    /// <summary>Some 400 MB of this machine's binaries and libraries, in executables of 8 MB.</summary>
    public static void WriteBinaries(string directory)
    {
        const long All = 400_000_000;
        const long FileSize = 8_000_000;
        EnumerationOptions options = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = true };
        IEnumerable<string> binaries = new[] { "/usr/bin", "/usr/sbin", "/usr/lib" }
            .SelectMany(folder => new DirectoryInfo(folder).EnumerateFiles("*", options))
            .Where(static file => file.Length > 200 * 1024)
            .Select(static file => file.FullName)
            .Order(StringComparer.Ordinal);
        Directory.CreateDirectory(directory);
        byte[] buffer = new byte[BufferSize];
        long written = 0;
        FileStream? target = null;
        try
        {
            foreach (string binary in binaries.TakeWhile(_ => written < All))
            {
                using FileStream source = File.OpenRead(binary);
                int read;
                while (written < All && (read = source.Read(buffer, 0, (int)Math.Min(buffer.Length, FileSize - (written % FileSize)))) > 0)
                {
                    if (written % FileSize == 0)
                        target = Next(target, Path.Combine(directory, $"x{written / FileSize:D3}"));
                    target!.Write(buffer, 0, read);
                    written += read;
                }
            }
        }
        finally
        {
            target?.Dispose();
        }
    }

    /// <summary>500 MB that do not compress.</summary>
    public static void WriteRandom(string file) => Write(file, static () => RandomNumberGenerator.GetBytes(BufferSize));

    /// <summary>500 MB of random numbers in columns, as od(1) prints them; zstd makes a bit less than half of them.</summary>
    public static void WriteText(string file) => Write(file, static () =>
    {
        StringBuilder lines = new();
        while (lines.Length < BufferSize)
        {
            for (int column = 0; column < 8; column++)
                lines.Append($" {Random.Shared.Next(1 << 16),5}");
            lines.Append('\n');
        }

        return Encoding.ASCII.GetBytes(lines.ToString());
    });

    private static FileStream Next(FileStream? previous, string path)
    {
        previous?.Dispose();
        FileStream next = File.Create(path);
        File.SetUnixFileMode(path, Executable);
        return next;
    }

    private static void Write(string file, Func<byte[]> next)
    {
        const long Size = 500_000_000;
        using FileStream target = File.Create(file);
        while (target.Position < Size)
        {
            byte[] piece = next();
            target.Write(piece, 0, (int)Math.Min(piece.Length, Size - target.Position));
        }
    }
}
