using System.Text;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Adding;

/// <summary>Looks whether content that passes holds the hash part of its own path.</summary>
/// <param name="self">The hash part; null where nobody knows it yet, and nobody can have written it.</param>
internal sealed class SelfReferenceSearch(StorePathHash? self)
{
    private readonly byte[] _self = self is StorePathHash part ? Encoding.ASCII.GetBytes(part.ToString()) : [];

    // The end of what has passed, which may be the beginning of one, with what comes next.
    private readonly byte[] _seam = new byte[2 * StorePathHash.Length];
    private int _held;

    /// <summary>Whether it does, as far as it has passed.</summary>
    public bool IsFound { get; private set; }

    public void Append(ReadOnlySpan<byte> data)
    {
        if (IsFound || _self.Length == 0)
        {
            return;
        }

        int longest = _self.Length - 1;
        int next = Math.Min(longest, data.Length);
        data[..next].CopyTo(_seam.AsSpan(_held));
        int length = _held + next;
        IsFound = _seam.AsSpan(0, length).IndexOf(_self) >= 0 || data.IndexOf(_self) >= 0;
        ReadOnlySpan<byte> end = data.Length >= longest ? data[^longest..] : _seam.AsSpan(Math.Max(0, length - longest), Math.Min(length, longest));
        _held = end.Length;
        end.CopyTo(_seam);
    }
}
