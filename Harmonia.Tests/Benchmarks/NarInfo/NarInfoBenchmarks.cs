using System.Buffers;
using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using Harmonia.Cache.Catalog;
using Harmonia.Cache.NarInfo;
using Harmonia.Protocol.Store;

namespace Harmonia.Benchmarks.NarInfo;

/// <summary>The cost of a narinfo: of what is remembered of a path, which the signature is a part of, and of the text.</summary>
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
    private readonly NarInfoText _text = new(StoreDirectory.Default, offersZstd: false);
    private readonly BaseNames _names = new(1 << 20);
    private readonly ArrayBufferWriter<byte> _output = new(4096);
    private readonly byte[] _hash = new byte[StorePathHash.ByteLength];
    private readonly byte[] _info;
    private readonly byte[] _attachment;

    public NarInfoBenchmarks()
    {
        _signer = new NarInfoSigner(StoreDirectory.Default, [_key]);
        _path.Path.Hash.CopyTo(_hash);
        _info = Encode();
        _attachment = Attach();
    }

    [Benchmark]
    public byte[] Encode()
    {
        ArrayBufferWriter<byte> info = new();
        PathRecordWriter.Write(info, _path, _names);
        return info.WrittenSpan.ToArray();
    }

    [Benchmark]
    public byte[] Attach() => _signer.Make(_path, new PathRecord(_hash, _info, default, _names));

    [Benchmark]
    public int Render()
    {
        _output.ResetWrittenCount();
        _text.Write(_output, new PathRecord(_hash, _info, _attachment, _names), _signer.Current, stored: null);
        return _output.WrittenCount;
    }

    public void Dispose()
    {
        _key.Dispose();
        GC.SuppressFinalize(this);
    }
}
