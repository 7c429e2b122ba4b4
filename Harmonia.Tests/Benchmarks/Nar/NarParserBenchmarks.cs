using BenchmarkDotNet.Attributes;
using Harmonia.Protocol.Nar;

namespace Harmonia.Benchmarks.Nar;

/// <summary>Checking a NAR in memory, and hashing it: 20,000 files of 100 bytes, and one of 64 MiB.</summary>
[MemoryDiagnoser]
public class NarParserBenchmarks
{
    private const int PieceLength = 64 * 1024;

    private byte[] _nar = null!;

    [Params("20,000 small", "one big")]
    public string Tree { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        using SampleTree tree = Tree == "one big" ? SampleTree.Big(64 * 1024 * 1024) : SampleTree.Small(20_000, 100);
        NarIndex index = NarIndex.Build(tree.Path, CancellationToken.None);
        using NarIndexReader reader = new(index, tree.Path);
        _nar = new byte[index.NarSize];
        if (reader.Read(0, _nar) != _nar.Length)
            throw new InvalidOperationException("The NAR is not complete.");
    }

    [Benchmark]
    public long Parse()
    {
        NarParser parser = new();
        for (int position = 0; position < _nar.Length; position += PieceLength)
            parser.Consume(_nar.AsSpan(position, Math.Min(PieceLength, _nar.Length - position)));
        return parser.Position;
    }

    [Benchmark]
    public long Hash()
    {
        using NarHasher hasher = new();
        for (int position = 0; position < _nar.Length; position += PieceLength)
            hasher.Append(_nar.AsSpan(position, Math.Min(PieceLength, _nar.Length - position)));
        Span<byte> hash = stackalloc byte[NarHasher.HashLength];
        return hasher.Finish(hash);
    }
}
