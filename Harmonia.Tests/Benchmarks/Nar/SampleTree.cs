using System.Text;

namespace Harmonia.Benchmarks.Nar;

/// <summary>A tree in a temporary folder, removed at the end. After the first reading it is in the page cache.</summary>
public sealed class SampleTree : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("harmonia-bench-").FullName;

    private SampleTree()
    {
    }

    public byte[] Path => Encoding.UTF8.GetBytes(_path);

    /// <summary>Many small files, a hundred in a directory.</summary>
    public static SampleTree Small(int files, int fileLength)
    {
        SampleTree tree = new();
        byte[] contents = RandomBytes(fileLength);
        for (int file = 0; file < files; file++)
        {
            string directory = $"{tree._path}/{file / 100:x4}";
            Directory.CreateDirectory(directory);
            File.WriteAllBytes($"{directory}/file-number-{file}", contents);
        }

        return tree;
    }

    /// <summary>One file.</summary>
    public static SampleTree Big(int fileLength)
    {
        SampleTree tree = new();
        File.WriteAllBytes(tree._path + "/file", RandomBytes(fileLength));
        return tree;
    }

    public void Dispose() => Directory.Delete(_path, recursive: true);

    private static byte[] RandomBytes(int length)
    {
        byte[] bytes = new byte[length];
        new Random(1).NextBytes(bytes);
        return bytes;
    }
}
