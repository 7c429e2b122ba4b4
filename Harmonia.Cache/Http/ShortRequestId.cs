using System.Text;

namespace Harmonia.Cache.Http;

/// <summary>
/// The id of a request that Kestrel did not see, in the form of Kestrel's: the connection's id, a colon and eight digits. Kestrel
/// counts from 1; these begin at 80000000, so that no two requests have the same.
/// </summary>
/// <param name="Connection">The connection's id.</param>
/// <param name="Number">Which of the requests that Kestrel did not see, from 0.</param>
public readonly record struct ShortRequestId(string Connection, uint Number)
{
    /// <summary>The number of characters.</summary>
    public const int Length = ConnectionLength + 1 + Digits;

    private const int ConnectionLength = 13;
    private const int Digits = 8;
    private const uint First = 0x80000000;

    /// <summary>Whether a connection's id has the length that Kestrel gives it.</summary>
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
