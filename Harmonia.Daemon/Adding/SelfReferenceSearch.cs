using System.Text;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Adding;

/// <summary>Checks whether content contains the hash part of its own path, as it arrives.</summary>
/// <param name="self">The hash part; null if it is not known yet, so that the content cannot contain it.</param>
internal sealed class SelfReferenceSearch(StorePathHash? self)
{
    private readonly byte[] _self = self is StorePathHash part ? Encoding.ASCII.GetBytes(part.ToString()) : [];

    // The end of the previous blocks, where an occurrence may begin, followed by the start of the next block.
    private readonly byte[] _seam = new byte[2 * StorePathHash.Length];
    private int _held;

    /// <summary>Whether an occurrence was found so far.</summary>
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
