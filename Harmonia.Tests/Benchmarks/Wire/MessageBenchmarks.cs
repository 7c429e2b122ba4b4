using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Store;
using Harmonia.Protocol.Wire;

namespace Harmonia.Benchmarks.Wire;

/// <summary>
/// The reply to QueryPathInfo, which the cache asks for once per narinfo, and a set of a thousand paths; through memory, without a
/// socket.
/// </summary>
[MemoryDiagnoser]
public class MessageBenchmarks : IDisposable
{
    private static readonly MessageContext Context = new() { StoreDirectory = StoreDirectory.Default, Version = ProtocolVersion.Current };

    private readonly WireWriter _writer = new(Stream.Null);
    private readonly StorePath[] _paths = [.. Enumerable.Range(0, 1000).Select(Path)];
    private readonly UnkeyedValidPathInfo _info = new()
    {
        Deriver = StorePath.Parse("2a2b3c4d5f6g7h8i9j0k1l2m3n4p5q6r-hello-2.12.1.drv"),
        NarHash = NarHash.FromBytes(SHA256.HashData("hello"u8)),
        References = [.. Enumerable.Range(0, 8).Select(Path)],
        RegistrationTime = 1_700_000_000,
        NarSize = 226_560,
        Signatures = ["cache.nixos.org-1:8ijECciSFzWHwwGVOIVYdp2fOIOJAfmzGHPQVwpktfTQJF6kMPPDre7UtFw3o+VqenC5P8RikKOAAfN7CvPEAg=="],
    };

    private MemoryStream _infoBytes = new();
    private MemoryStream _pathsBytes = new();

    [GlobalSetup]
    public async Task WriteOnce()
    {
        _infoBytes = await WriteAsync(writer => UnkeyedValidPathInfoCodec.WriteOptional(writer, Context, _info));
        _pathsBytes = await WriteAsync(writer => StorePathCodec.WriteSet(writer, Context, _paths));
    }

    [Benchmark]
    public ValueTask WritePathInfo()
    {
        UnkeyedValidPathInfoCodec.WriteOptional(_writer, Context, _info);
        return _writer.FlushAsync(default);
    }

    [Benchmark]
    public async ValueTask<UnkeyedValidPathInfo?> ReadPathInfo()
    {
        _infoBytes.Position = 0;
        using WireReader reader = new(_infoBytes);
        return await UnkeyedValidPathInfoCodec.ReadOptionalAsync(reader, Context, default);
    }

    [Benchmark]
    public ValueTask WriteThousandPaths()
    {
        StorePathCodec.WriteSet(_writer, Context, _paths);
        return _writer.FlushAsync(default);
    }

    [Benchmark]
    public async ValueTask<IReadOnlyList<StorePath>> ReadThousandPaths()
    {
        _pathsBytes.Position = 0;
        using WireReader reader = new(_pathsBytes);
        return await StorePathCodec.ReadSetAsync(reader, Context, default);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _writer.Dispose();
        _infoBytes.Dispose();
        _pathsBytes.Dispose();
        GC.SuppressFinalize(this);
    }

    private static StorePath Path(int number) => StorePath.Parse($"1a2b3c4d5f6g7h8i9j0k1l2m3n4p5q6r-package-{number:0000}");

    private static async Task<MemoryStream> WriteAsync(Action<WireWriter> write)
    {
        MemoryStream stream = new();
        using WireWriter writer = new(stream);
        write(writer);
        await writer.FlushAsync(default);
        return stream;
    }
}
