using System.Text;

namespace Harmonia.Benchmarks.Servers.Store;

/// <summary>
/// The files of the first generated paths: 100,000 single files of 1 to 12 KB, then 10,000 trees of 40 files of 1 to 3 KB, whose NARs are
/// larger than those that harmonia-cache keeps in memory.
/// </summary>
internal static class GeneratedContents
{
    public const int SmallCount = 100_000;
    public const int TreeCount = 10_000;
    public const int FilesInTree = 40;

    /// <summary>The number of paths that have contents.</summary>
    public const int Count = SmallCount + TreeCount;

    private const int FilesInDirectory = 10;
    private const string Executables = "bin";
    private static readonly string[] Directories = [Executables, "etc", "lib", "share"];
    private static readonly byte[] Text = MakeText();

    /// <summary>Whether the path with a number has contents.</summary>
    public static bool Exist(int number) => number < Count;

    /// <summary>The NAR of a path.</summary>
    public static ReadOnlyMemory<byte> NarOf(int number)
    {
        NarText nar = new();
        if (number < SmallCount)
        {
            nar.AddRoot();
            nar.AddFile(FileOf(number, 0), isExecutable: false);
            return nar.Written;
        }

        nar.AddRoot();
        nar.BeginDirectory();
        for (int directory = 0; directory < Directories.Length; directory++)
        {
            nar.BeginEntry(Directories[directory]);
            nar.BeginDirectory();
            for (int file = 0; file < FilesInDirectory; file++)
            {
                nar.BeginEntry(NameOf(file));
                nar.AddFile(FileOf(number, (directory * FilesInDirectory) + file), Directories[directory] == Executables);
                nar.EndEntry();
            }

            nar.EndDirectory();
            nar.EndEntry();
        }

        nar.EndDirectory();
        return nar.Written;
    }

    /// <summary>Writes a path's files to where nothing is.</summary>
    public static void Write(int number, string target)
    {
        if (number < SmallCount)
        {
            Write(target, FileOf(number, 0), isExecutable: false);
            return;
        }

        for (int directory = 0; directory < Directories.Length; directory++)
        {
            string parent = Directory.CreateDirectory(Path.Combine(target, Directories[directory])).FullName;
            for (int file = 0; file < FilesInDirectory; file++)
                Write(Path.Combine(parent, NameOf(file)), FileOf(number, (directory * FilesInDirectory) + file), Directories[directory] == Executables);
        }
    }

    private static string NameOf(int file) => $"file-{file}";

    private static byte[] FileOf(int number, int file)
    {
        SeededNumbers numbers = new('c', ((ulong)number * FilesInTree) + (ulong)file);
        byte[] first = Encoding.ASCII.GetBytes($"# {GeneratedPath.HashOf(number)} {file}\n");
        int length = 1000 + numbers.Below(number < SmallCount ? 11_000 : 2000);
        return [.. first, .. Text.AsSpan(numbers.Below(Text.Length - length), length)];
    }

    private static void Write(string file, byte[] content, bool isExecutable)
    {
        const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        const UnixFileMode Executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        using FileStream stream = new(file, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            BufferSize = 0,
            UnixCreateMode = isExecutable ? Readable | Executable : Readable,
        });
        stream.Write(content);
    }

    // Words of one to twelve letters.
    private static byte[] MakeText()
    {
        SeededNumbers numbers = new('t', 0);
        byte[] text = new byte[1 << 16];
        int wordEnd = 0;
        for (int at = 0; at < text.Length; at++)
        {
            bool isBetween = at == wordEnd;
            if (isBetween)
                wordEnd = at + 2 + numbers.Below(12);
            text[at] = isBetween ? (byte)(numbers.Below(8) == 0 ? '\n' : ' ') : (byte)('a' + numbers.Below(26));
        }

        return text;
    }
}
