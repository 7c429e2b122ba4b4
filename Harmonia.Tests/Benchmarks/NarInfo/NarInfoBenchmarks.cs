using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using Harmonia.Cache.NarInfo;
using Harmonia.Protocol.Store;

namespace Harmonia.Benchmarks.NarInfo;

/// <summary>The cost of a narinfo that is not cached: the signature and the text.</summary>
[MemoryDiagnoser]
public class NarInfoBenchmarks : IDisposable
{
    private readonly SecretKey _key = SecretKey.Generate("cache.example.org-1");
    private readonly ValidPathInfo _path = new()
    {
        Path = StorePath.Parse("1a2b3c4d5f6g7h8i9j0k1l2m3n4p5q6r-hello-2.12.1"),
        Info = new UnkeyedValidPathInfo
        {
            Deriver = StorePath.Parse("2a2b3c4d5f6g7h8i9j0k1l2m3n4p5q6r-hello-2.12.1.drv"),
            NarHash = NarHash.FromBytes(SHA256.HashData("hello"u8)),
            References = [.. Enumerable.Range(10, 8).Select(n => StorePath.Parse($"{new string('0', 30)}{n}-library-1.0"))],
            RegistrationTime = 1_700_000_000,
            NarSize = 226_560,
        },
    };

    private readonly NarInfoSigner _signer;
    private readonly SignedNarInfo _signed;

    public NarInfoBenchmarks()
    {
        _signer = new NarInfoSigner(StoreDirectory.Default, [_key]);
        _signed = _signer.Sign(_path);
    }

    [Benchmark]
    public SignedNarInfo Sign() => _signer.Sign(_path);

    [Benchmark]
    public ReadOnlyMemory<byte> Render() => NarInfoText.Render(_signed);

    public void Dispose()
    {
        _key.Dispose();
        GC.SuppressFinalize(this);
    }
}
