using System.Text;
using BenchmarkDotNet.Attributes;
using Harmonia.Cache.NarInfo;
using Harmonia.Protocol.Store;

namespace Harmonia.Benchmarks.NarInfo;

/// <summary>What a signature costs that is made, and one that is found in a file.</summary>
[MemoryDiagnoser]
public class SignatureBenchmarks : IDisposable
{
    private const int Kept = 100_000;

    private readonly string _directory = Directory.CreateTempSubdirectory("harmonia-bench-").FullName;
    private readonly SecretKey _key = SecretKey.Generate("cache.example.org-1");
    private readonly byte[] _signature = new byte[Signature.ByteLength];
    private readonly byte[] _entry;
    private readonly SignatureFile _file;
    private int _number;

    public SignatureBenchmarks()
    {
        _file = new SignatureFile(Path.Combine(_directory, "file"), _key.PublicKey, 128L << 20);
        Signature any = _key.Sign("any"u8);
        for (int number = 0; number < Kept; number++)
            _file.Put(SignatureBucket.Entry(SignatureBucket.IdOf(_key.PublicKey, Text(number)), any));
        _entry = SignatureBucket.Entry(SignatureBucket.IdOf(_key.PublicKey, Text(0)), any);
    }

    [Benchmark]
    public Signature Make() => _key.Sign(NextText());

    [Benchmark]
    public bool Find() => _file.TryGet(SignatureBucket.IdOf(_key.PublicKey, NextText()), _signature);

    [Benchmark]
    public bool FindNone() => _file.TryGet(SignatureBucket.IdOf(_key.PublicKey, Text(-1)), _signature);

    [Benchmark]
    public void Write() => _file.Put(_entry);

    public void Dispose()
    {
        _file.Dispose();
        _key.Dispose();
        Directory.Delete(_directory, recursive: true);
        GC.SuppressFinalize(this);
    }

    // A different one each time: the same bucket would stay in the processor's cache.
    private byte[] NextText()
    {
        _number = (_number + 1) % Kept;
        return Text(_number);
    }

    // A fingerprint of 300 bytes.
    private static byte[] Text(int number) => Encoding.ASCII.GetBytes($"1;/nix/store/{number:D290}");
}
