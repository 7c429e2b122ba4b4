using System.Globalization;
using System.Text;

namespace Harmonia.Tests.Support;

/// <summary>One response, read from a connection byte for byte as HTTP/1.1 delimits it, so that the next one can be read after it.</summary>
/// <param name="Head">Status line and headers.</param>
/// <param name="Body">As long as Content-Length says; empty where there is none by definition.</param>
public sealed record RawResponse(string Head, byte[] Body)
{
    private const string LengthHeader = "\r\nContent-Length: ";

    /// <summary>What Content-Length says.</summary>
    public long Length => LengthOf(Head);

    /// <summary>Reads the next response.</summary>
    /// <param name="stream">The connection.</param>
    /// <param name="hasBody">False for the answer to HEAD.</param>
    public static async Task<RawResponse> ReadAsync(Stream stream, bool hasBody = true)
    {
        string head = await ReadHeadAsync(stream);
        byte[] body = new byte[hasBody ? LengthOf(head) : 0];
        await stream.ReadExactlyAsync(body).AsTask().InTime();
        return new RawResponse(head, body);
    }

    /// <summary>Reads status line and headers, and none of the body.</summary>
    public static async Task<string> ReadHeadAsync(Stream stream)
    {
        StringBuilder head = new();
        byte[] one = new byte[1];
        while (head.Length < 4 || head.ToString(head.Length - 4, 4) != "\r\n\r\n")
        {
            await stream.ReadExactlyAsync(one).AsTask().InTime();
            head.Append((char)one[0]);
        }

        return head.ToString();
    }

    private static long LengthOf(string head)
    {
        int start = head.IndexOf(LengthHeader, StringComparison.Ordinal) + LengthHeader.Length;
        return long.Parse(head.AsSpan(start, head.IndexOf('\r', start) - start), CultureInfo.InvariantCulture);
    }
}
