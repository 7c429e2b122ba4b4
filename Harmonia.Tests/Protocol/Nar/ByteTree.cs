using System.ComponentModel;
using System.Text;
using Harmonia.Protocol.Interop;
using Harmonia.Protocol.Nar;
using Harmonia.Tests.Support;
using Microsoft.Win32.SafeHandles;

namespace Harmonia.Tests.Protocol.Nar;

/// <summary>A tree of files whose names are bytes, in a temporary folder to which tests can add other files.</summary>
internal sealed class ByteTree : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    /// <summary>The path of the tree, for programs.</summary>
    public string Path => _directory["root"];

    /// <summary>The path of the tree, for us.</summary>
    public byte[] PathBytes => Encoding.UTF8.GetBytes(Path);

    /// <summary>A path in the tree as .NET spells it.</summary>
    public string this[string name] => _directory["root/" + name];

    /// <summary>A path beside the tree.</summary>
    public string Beside(string name) => _directory[name];

    /// <summary>The tree is a directory.</summary>
    public static ByteTree WithDirectory()
    {
        ByteTree tree = new();
        tree.AddDirectory(""u8);
        return tree;
    }

    /// <summary>The tree of the known vector: four entries, a NAR of 880 bytes.</summary>
    public static ByteTree WithKnownDirectory()
    {
        ByteTree tree = WithDirectory();
        tree.AddFile("A"u8, "a"u8);
        tree.AddSymlink("lnk"u8, "../f"u8);
        tree.AddDirectory("sub"u8);
        tree.AddFile("x.sh"u8, "#!/bin/sh\n"u8, 0b111_101_101);
        return tree;
    }

    /// <summary>The tree itself is a file.</summary>
    public void AddRootFile(ReadOnlySpan<byte> contents) => Write(PathBytes, contents, 0b110_100_100);

    public void AddFile(ReadOnlySpan<byte> name, ReadOnlySpan<byte> contents, uint mode = 0b110_100_100) =>
        Write(Full(name), contents, mode);

    public void AddDirectory(ReadOnlySpan<byte> name) =>
        Require(LibcWrites.MakeDirectory(LibcFiles.CurrentDirectory, Terminated(name.IsEmpty ? PathBytes : Full(name)), 0b111_101_101));

    public void AddSymlink(ReadOnlySpan<byte> name, ReadOnlySpan<byte> target) =>
        Require(LibcWrites.MakeSymlink(Terminated(target), Terminated(Full(name))));

    public void AddFifo(ReadOnlySpan<byte> name) => Require(LibcWrites.MakeFifo(Terminated(Full(name)), 0b110_100_100));

    /// <summary>Directories within each other; the innermost is <paramref name="levels"/> below the tree.</summary>
    public void AddChain(ReadOnlySpan<byte> name, int levels)
    {
        SafeFileHandle directory = Open(LibcFiles.CurrentDirectory, PathBytes);
        byte[] terminated = Terminated(name);
        for (int level = 0; level < levels; level++)
        {
            Require(LibcWrites.MakeDirectory(directory, terminated, 0b111_101_101));
            SafeFileHandle child = Open(directory, name);
            directory.Dispose();
            directory = child;
        }

        directory.Dispose();
    }

    /// <summary>The NAR, by the reader under test.</summary>
    public byte[] Dump(int bufferLength = 64 * 1024)
    {
        using NarTreeReader reader = new(PathBytes);
        return Drain(buffer => reader.Read(buffer), bufferLength);
    }

    public NarIndex Index() => NarIndex.Build(PathBytes, CancellationToken.None);

    /// <summary>The NAR, by a program of a real Nix.</summary>
    public async Task<byte[]> DumpAsync(NixRelease release) =>
        (await Command.RunAsync(release.Program("nix-store"), ["--dump", Path])).Output;

    /// <summary>Cuts a file off, or lengthens it with zeros.</summary>
    public static void Resize(string path, long length)
    {
        using FileStream file = new(path, FileMode.Open);
        file.SetLength(length);
    }

    /// <summary>Reads to the end with a buffer of one size.</summary>
    public static byte[] Drain(Func<byte[], int> read, int bufferLength)
    {
        using MemoryStream all = new();
        byte[] buffer = new byte[bufferLength];
        int length;
        while ((length = read(buffer)) > 0)
            all.Write(buffer, 0, length);
        return all.ToArray();
    }

    public void Dispose() => _directory.Dispose();

    private static SafeFileHandle Open(SafeFileHandle directory, ReadOnlySpan<byte> name) =>
        new(LibcFiles.Open(directory, Terminated(name), OpenFlags.Directory), ownsHandle: true);

    private static byte[] Terminated(ReadOnlySpan<byte> name) => [.. name, 0];

    private static void Write(byte[] path, ReadOnlySpan<byte> contents, uint mode)
    {
        using SafeFileHandle file = LibcWrites.Create(Terminated(path), 0b110_000_000);
        Require(file.IsInvalid ? -1 : 0);
        RandomAccess.Write(file, contents, 0);
        Require(LibcWrites.ChangeMode(Terminated(path), mode));
    }

    private static void Require(int result)
    {
        if (result < 0)
            throw new Win32Exception();
    }

    private byte[] Full(ReadOnlySpan<byte> name) => [.. PathBytes, (byte)'/', .. name];
}
