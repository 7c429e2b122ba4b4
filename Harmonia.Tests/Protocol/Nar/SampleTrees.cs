using System.Text;

namespace Harmonia.Tests.Protocol.Nar;

/// <summary>Trees several tests use.</summary>
internal static class SampleTrees
{
    /// <summary>
    /// Everything a NAR can hold: sizes around multiples of 8 and of buffers, names and targets that are not UTF-8, names whose
    /// order differs between UTF-16 and bytes, modes, empty files and directories, dangling links, the longest name.
    /// </summary>
    public static ByteTree Varied()
    {
        ByteTree tree = ByteTree.WithDirectory();
        tree.AddDirectory("sizes"u8);
        foreach (int size in Enumerable.Range(0, 18).Concat([4095, 4096, 4097, 65_535, 65_536, 65_537, 262_143, 262_144, 262_145]))
            tree.AddFile(Encoding.UTF8.GetBytes($"sizes/{size}"), Pattern(size));

        tree.AddDirectory("names"u8);
        string[] names = ["a", "A", "a b", "a.b", "a0", "ab", "-", "~nix~case~hack~1", "a~nix~case~hack~1", "é", "\uE000", "\U00010000"];
        foreach (string name in names)
            tree.AddFile(Encoding.UTF8.GetBytes("names/" + name), "x"u8);
        tree.AddFile([.. "names/"u8, 0xff], "y"u8);
        tree.AddFile([.. "names/"u8, 0x80, 0x0a, 0x1b], "z"u8);
        tree.AddFile([.. "names/"u8, .. Enumerable.Repeat((byte)'n', 255)], "long"u8);

        tree.AddDirectory("links"u8);
        tree.AddSymlink("links/dangling"u8, "nowhere"u8);
        tree.AddSymlink("links/up"u8, ".."u8);
        tree.AddSymlink("links/absolute"u8, "/etc/passwd"u8);
        tree.AddSymlink("links/bytes"u8, [0xff, 0xc3, 0x28]);
        tree.AddSymlink("links/eight"u8, "12345678"u8);

        tree.AddDirectory("modes"u8);
        tree.AddFile("modes/owner"u8, "o"u8, 0b101_000_000);
        tree.AddFile("modes/group"u8, "g"u8, 0b100_001_000);
        tree.AddFile("modes/all"u8, "a"u8, 0b101_101_101);

        tree.AddDirectory("empty"u8);
        tree.AddDirectory("empty.d"u8);
        tree.AddDirectory("empty.d/within"u8);
        return tree;
    }

    /// <summary>Many small files in one directory and in many.</summary>
    public static ByteTree Large(int files)
    {
        ByteTree tree = ByteTree.WithDirectory();
        tree.AddDirectory("all"u8);
        for (int file = 0; file < files / 2; file++)
            tree.AddFile(Encoding.UTF8.GetBytes($"all/{file * 7919 % files}"), Pattern(file % 300));
        for (int file = 0; file < files / 2; file++)
        {
            if (file % 50 == 0)
                tree.AddDirectory(Encoding.UTF8.GetBytes($"{file / 50}"));
            uint mode = file % 3 == 0 ? 0b111_101_101u : 0b110_100_100u;
            tree.AddFile(Encoding.UTF8.GetBytes($"{file / 50}/{file}"), Pattern(file % 300), mode);
        }

        return tree;
    }

    /// <summary>A file in a chain of directories; there are <paramref name="nodes"/> nodes within each other.</summary>
    public static ByteTree Nested(int nodes)
    {
        ByteTree tree = ByteTree.WithDirectory();
        StringBuilder path = new();
        for (int level = 2; level < nodes; level++)
        {
            path.Append("d/");
            tree.AddDirectory(Encoding.UTF8.GetBytes(path.ToString()));
        }

        tree.AddFile(Encoding.UTF8.GetBytes(path + "f"), "deep"u8);
        return tree;
    }

    public static byte[] Pattern(int size) => [.. Enumerable.Range(0, size).Select(i => (byte)((i * 31) + size))];
}
