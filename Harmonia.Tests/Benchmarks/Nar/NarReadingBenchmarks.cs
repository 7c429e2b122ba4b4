using BenchmarkDotNet.Attributes;
using Harmonia.Protocol.Nar;

namespace Harmonia.Benchmarks.Nar;

/// <summary>A whole dump: 20,000 files of 10 KB (205 MB), and one file of 512 MiB.</summary>
[MemoryDiagnoser]
public class NarReadingBenchmarks
{
    private SampleTree _tree = null!;
    private NarIndex _index = null!;
    private byte[] _buffer = null!;

    [Params("20,000 small", "one big")]
    public string Tree { get; set; } = "";

    [Params(64 * 1024, 256 * 1024, 1024 * 1024)]
    public int BufferLength { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _tree = Tree == "one big" ? SampleTree.Big(512 * 1024 * 1024) : SampleTree.Small(20_000, 10_000);
        _index = NarIndex.Build(_tree.Path, CancellationToken.None);
        _buffer = new byte[BufferLength];
    }

    [GlobalCleanup]
    public void Cleanup() => _tree.Dispose();

    [Benchmark(Baseline = true)]
    public long OnePass()
    {
        using NarTreeReader reader = new(_tree.Path);
        long total = 0;
        int length;
        while ((length = reader.Read(_buffer)) > 0)
            total += length;
        return total;
    }

    [Benchmark]
    public long Indexed()
    {
        using NarIndexReader reader = new(_index, _tree.Path);
        long total = 0;
        int length;
        while ((length = reader.Read(total, _buffer)) > 0)
            total += length;
        return total;
    }
}
