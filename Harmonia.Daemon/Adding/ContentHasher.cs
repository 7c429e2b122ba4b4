using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Harmonia.Daemon.Database;
using Harmonia.Protocol.Store;
using HashAlgorithm = Harmonia.Protocol.Store.HashAlgorithm;

namespace Harmonia.Daemon.Adding;

/// <summary>
/// Hashes content for its content address as it arrives. If the content may contain the hash part of its own path, that part counts as
/// zeros, and the positions of all occurrences are hashed after the content. Nix 2.17 to 2.34 left out the positions.
/// Nix: src/libstore/references.cc, HashModuloSink.
/// </summary>
internal sealed class ContentHasher : IDisposable
{
    private readonly IncrementalHash _hash;
    private readonly byte[] _self;
    private readonly List<long> _found = [];
    private byte[] _window = [];
    private int _held;
    private long _hashed;

    /// <param name="algorithm">The hash algorithm.</param>
    /// <param name="self">The hash part of the path that the content will have; null if it is not known yet.</param>
    /// <exception cref="RefusedException">The algorithm is an experimental feature of Nix.</exception>
    public ContentHasher(HashAlgorithm algorithm, StorePathHash? self)
    {
        Algorithm = algorithm;
        Self = self;
        _self = self is StorePathHash part ? Encoding.ASCII.GetBytes(part.ToString()) : [];
        _hash = IncrementalHash.CreateHash(algorithm switch
        {
            HashAlgorithm.Md5 => HashAlgorithmName.MD5,
            HashAlgorithm.Sha1 => HashAlgorithmName.SHA1,
            HashAlgorithm.Sha256 => HashAlgorithmName.SHA256,
            HashAlgorithm.Sha512 => HashAlgorithmName.SHA512,
            _ => throw new RefusedException($"experimental Nix feature '{algorithm.ToName()}-hashes' is disabled"),
        });
    }

    /// <summary>The hash algorithm.</summary>
    public HashAlgorithm Algorithm { get; }

    /// <summary>The hash part that counts as zeros; null for none.</summary>
    public StorePathHash? Self { get; }

    /// <summary>
    /// After <see cref="Finish"/>: the hash without the positions, as Nix 2.17 to 2.34 computes it; null if there are none.
    /// </summary>
    public Hash? WithoutPositions { get; private set; }

    public void Append(ReadOnlySpan<byte> data)
    {
        if (_self.Length == 0)
        {
            _hash.AppendData(data);
            return;
        }

        int length = _held + data.Length;
        if (_window.Length < length)
        {
            Array.Resize(ref _window, length);
        }

        data.CopyTo(_window.AsSpan(_held));
        int start = 0;
        int next;
        while ((next = _window.AsSpan(start, length - start).IndexOf(_self)) >= 0)
        {
            start += next;
            _found.Add(_hashed + start);
            _window.AsSpan(start, _self.Length).Clear();
            start += _self.Length;
        }

        // The end of this block may be the beginning of an occurrence.
        _held = Math.Min(length, _self.Length - 1);
        _hash.AppendData(_window, 0, length - _held);
        _hashed += length - _held;
        _window.AsSpan(length - _held, _held).CopyTo(_window);
    }

    public Hash Finish()
    {
        _hash.AppendData(_window, 0, _held);
        WithoutPositions = _found.Count > 0 ? new Hash(Algorithm, _hash.GetCurrentHash()) : null;
        foreach (long position in _found)
        {
            _hash.AppendData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"|{position}")));
        }

        return new Hash(Algorithm, _hash.GetHashAndReset());
    }

    public void Dispose() => _hash.Dispose();
}
