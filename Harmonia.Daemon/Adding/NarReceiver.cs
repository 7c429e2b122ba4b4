using System.Text;
using Harmonia.Daemon.Interop;
using Harmonia.Protocol.Nar;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Adding;

/// <summary>Unpacks a NAR into the scratch directory as its bytes arrive, and hashes them. Dispose keeps the files that it wrote.</summary>
internal sealed class NarReceiver : IDisposable
{
    private const int ReadAgainLength = 256 * 1024;

    private readonly DirectoryHandle _scratch;
    private readonly byte[] _name;
    private readonly SelfReferenceSearch? _search;
    private readonly ContentHasher? _narContent;
    private readonly ContentHasher? _content;
    private readonly StoreTreeWriter _writer;
    private readonly NarHasher _hasher = new();
    private readonly NarParser _parser;

    /// <param name="scratch">The directory to unpack into; the caller disposes it.</param>
    /// <param name="name">The name to give to the tree there.</param>
    /// <param name="method">What to hash for a content address; null for nothing.</param>
    /// <param name="content">Hashes it; the receiver disposes it.</param>
    public NarReceiver(DirectoryHandle scratch, byte[] name, ContentAddressMethod? method = null, ContentHasher? content = null)
    {
        _scratch = scratch;
        _name = name;
        _content = content;
        _narContent = method == ContentAddressMethod.Nar ? content : null;

        // The hash of a NAR that does not name its own path is its content address too: nothing is hashed twice.
        _search = _narContent is { Algorithm: HashAlgorithm.Sha256 } ? new SelfReferenceSearch(_narContent.Self) : null;
        _writer = new StoreTreeWriter(scratch, name, method == ContentAddressMethod.Nar ? null : content);
        _parser = new NarParser(_writer);
    }

    /// <summary>Whether the NAR is complete.</summary>
    public bool IsComplete => _parser.IsComplete;

    /// <summary>Consumes the next bytes; returns how many belong to the NAR.</summary>
    /// <exception cref="NarFormatException">The bytes are not a NAR.</exception>
    /// <exception cref="IOException">The files cannot be written.</exception>
    public int Consume(ReadOnlySpan<byte> data)
    {
        int length = _parser.Consume(data);
        _hasher.Append(data[..length]);
        if (_search is not null)
        {
            _search.Append(data[..length]);
        }
        else
        {
            _narContent?.Append(data[..length]);
        }

        return length;
    }

    /// <summary>Returns the tree once the NAR is complete.</summary>
    public ReceivedTree Finish()
    {
        Span<byte> hash = stackalloc byte[NarHash.ByteLength];
        long size = _hasher.Finish(hash);
        NarHash narHash = NarHash.FromBytes(hash);
        return new ReceivedTree(_name, narHash, size, FinishContent(narHash), _content?.WithoutPositions, _writer.IsDirectory);
    }

    public void Dispose()
    {
        _writer.Dispose();
        _hasher.Dispose();
        _content?.Dispose();
    }

    private Hash? FinishContent(NarHash narHash)
    {
        if (_search is { IsFound: false })
        {
            return narHash.ToHash();
        }

        if (_search is not null)
        {
            // This is rare, so the tree is simply read again.
            byte[] path = [.. Encoding.ASCII.GetBytes($"/proc/self/fd/{_scratch.Handle.DangerousGetHandle()}/"), .. _name];
            using NarTreeReader tree = new(path);
            byte[] buffer = new byte[ReadAgainLength];
            int length;
            while ((length = tree.Read(buffer)) > 0)
            {
                _content!.Append(buffer.AsSpan(0, length));
            }
        }

        return _content?.Finish();
    }
}
