using BenchmarkDotNet.Attributes;
using Harmonia.Protocol.Nar;

namespace Harmonia.Benchmarks.Nar;

/// <summary>The walk that makes an index: of a large tree, and of a few files, as in most store paths.</summary>
[MemoryDiagnoser]
public class NarIndexBenchmarks
{
    private SampleTree _tree = null!;

    [Params(3, 20_000)]
    public int Files { get; set; }

    [GlobalSetup]
    public void Setup() => _tree = SampleTree.Small(Files, 100);

    [GlobalCleanup]
    public void Cleanup() => _tree.Dispose();

    [Benchmark]
    public long Build() => NarIndex.Build(_tree.Path, CancellationToken.None).NarSize;
}
