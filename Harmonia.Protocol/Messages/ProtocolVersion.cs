using System.Diagnostics.CodeAnalysis;

namespace Harmonia.Protocol.Messages;

/// <summary>
/// A version of the worker protocol. Nix: src/libstore/include/nix/store/worker-protocol.hh, WorkerProto::Version::Number.
/// </summary>
/// <param name="Major">Always 1 so far.</param>
/// <param name="Minor">The layouts of messages depend on it.</param>
[SuppressMessage("Design", "CA1036", Justification = "Codecs compare with IsAtLeast, which reads better.")]
public readonly record struct ProtocolVersion(byte Major, byte Minor) : IComparable<ProtocolVersion>
{
    /// <summary>The oldest supported version. Nix 2.0 has 1.20.</summary>
    public static ProtocolVersion Minimum => new(1, 18);

    /// <summary>The newest version. Later changes are features.</summary>
    public static ProtocolVersion Current => new(1, 38);

    /// <summary>The version from the integer in the handshake, of which only the lower 16 bits count.</summary>
    public static ProtocolVersion FromWire(uint wire) => new((byte)(wire >> 8), (byte)wire);

    /// <summary>The version as the integer in the handshake: major × 256 + minor.</summary>
    public uint ToWire() => ((uint)Major << 8) | Minor;

    /// <summary>Whether this is 1.<paramref name="minor"/> or later.</summary>
    public bool IsAtLeast(byte minor) => CompareTo(new(1, minor)) >= 0;

    /// <summary>The older of two versions, which is the one that both sides use.</summary>
    public static ProtocolVersion Min(ProtocolVersion left, ProtocolVersion right) => left.CompareTo(right) <= 0 ? left : right;

    /// <inheritdoc/>
    public int CompareTo(ProtocolVersion other) => ToWire().CompareTo(other.ToWire());

    /// <summary>For example <c>1.38</c>.</summary>
    public override string ToString() => $"{Major}.{Minor}";
}
