using Harmonia.Daemon.Interop;
using Harmonia.Protocol.Nar;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Adding;

/// <summary>Unpacks a NAR into the scratch directory as its bytes come, and hashes them. Dispose it when done; what it wrote stays.</summary>
internal sealed class NarReceiver : IDisposable
{
    private readonly byte[] _name;
    private readonly ContentHasher? _narContent;
    private readonly ContentHasher? _content;
    private readonly StoreTreeWriter _writer;
    private readonly NarHasher _hasher = new();
    private readonly NarParser _parser;

    /// <param name="scratch">Where to; stays the caller's.</param>
    /// <param name="name">The name there.</param>
    /// <param name="method">What to hash besides; null for nothing.</param>
    /// <param name="content">Hashes that; belongs to this from now on.</param>
    public NarReceiver(DirectoryHandle scratch, byte[] name, ContentAddressMethod? method = null, ContentHasher? content = null)
    {
        _name = name;
        _content = content;
        _narContent = method == ContentAddressMethod.Nar ? content : null;
        _writer = new StoreTreeWriter(scratch, name, method == ContentAddressMethod.Nar ? null : content);
        _parser = new NarParser(_writer);
    }

    /// <summary>Whether the NAR has ended.</summary>
    public bool IsComplete => _parser.IsComplete;

    /// <summary>Takes the next bytes; returns how many belong to the NAR.</summary>
    /// <exception cref="NarFormatException">They are no NAR.</exception>
    /// <exception cref="IOException">They can't be written.</exception>
    public int Consume(ReadOnlySpan<byte> data)
    {
        int length = _parser.Consume(data);
        _hasher.Append(data[..length]);
        _narContent?.Append(data[..length]);
        return length;
    }

    /// <summary>What has come, now that it is complete.</summary>
    public ReceivedTree Finish()
    {
        Span<byte> hash = stackalloc byte[NarHash.ByteLength];
        long size = _hasher.Finish(hash);
        return new ReceivedTree(_name, NarHash.FromBytes(hash), size, _content?.Finish(), _writer.IsDirectory);
    }

    public void Dispose()
    {
        _writer.Dispose();
        _hasher.Dispose();
        _content?.Dispose();
    }
}
