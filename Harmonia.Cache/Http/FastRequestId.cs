using System.Text;

namespace Harmonia.Cache.Http;

/// <summary>
/// The id of a request that the fast front has read, in Kestrel's form: the id of the connection, a colon and eight digits. Kestrel
/// counts from 1, and these begin at 80000000, so no two requests have the same id.
/// </summary>
/// <param name="Connection">The id of the connection.</param>
/// <param name="Number">How many requests of this connection the fast front has answered before.</param>
public readonly record struct FastRequestId(string Connection, uint Number)
{
    /// <summary>The number of characters.</summary>
    public const int Length = ConnectionLength + 1 + Digits;

    /// <summary>The number of characters of a connection's id.</summary>
    public const int ConnectionLength = 13;

    private const int Digits = 8;
    private const uint First = 0x80000000;

    /// <summary>Whether the id of a connection has the length that Kestrel gives it.</summary>
    public static bool Fits(string connection) => connection.Length == ConnectionLength;

    /// <summary>Writes it to the front of a span.</summary>
    public void Write(Span<byte> destination)
    {
        Encoding.ASCII.GetBytes(Connection, destination);
        destination[ConnectionLength] = (byte)':';
        (First + Number).TryFormat(destination[(ConnectionLength + 1)..], out _, "X8");
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Connection}:{First + Number:X8}";
}
