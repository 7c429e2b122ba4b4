using System.Net;
using System.Text;
using Harmonia.Cache.Http;

namespace Harmonia.Cache.Transport;

/// <summary>The request that the fast front reads from a connection at the moment. There is one object for all requests of a connection.</summary>
/// <param name="connectionId">The id of the connection.</param>
/// <param name="client">The client's address, for the log.</param>
/// <param name="abort">Ends the connection.</param>
public sealed class FastRequest(string connectionId, Func<EndPoint?> client, Action abort) : CacheRequest
{
    /// <summary>The number of characters of an id.</summary>
    public const int IdLength = FastConnectionId.Length + 1 + IdDigits;

    // In Kestrel's form: the id of the connection, a colon and eight digits. Kestrel counts from 1, so no two requests have the same id.
    private const int IdDigits = 8;
    private const uint FirstId = 0x80000000;

    private ReadOnlyMemory<byte> _bytes;
    private string? _target;
    private uint _answered;

    /// <inheritdoc/>
    public override string Method => Headers.IsGet ? HttpMethods.Get : HttpMethods.Head;

    // Hardly any request needs it, and a string takes a third of a microsecond.
    /// <inheritdoc/>
    public override string Target => _target ??= Encoding.ASCII.GetString(_bytes.Span);

    /// <inheritdoc/>
    public override string Id => $"{connectionId}:{FirstId + _answered:X8}";

    /// <summary>Writes the id to the front of a span.</summary>
    public void WriteId(Span<byte> destination)
    {
        Encoding.ASCII.GetBytes(connectionId, destination);
        destination[FastConnectionId.Length] = (byte)':';
        (FirstId + _answered).TryFormat(destination[(FastConnectionId.Length + 1)..], out _, "X8");
    }

    /// <summary>Takes the next request.</summary>
    /// <param name="input">The bytes at whose front its head is.</param>
    /// <param name="head">The head.</param>
    public void Begin(ReadOnlyMemory<byte> input, in RequestHead head)
    {
        _bytes = input.Slice(head.TargetStart, head.Target.Length);
        _target = null;
        Set(Http.Route.Parse(head.Target), head.Headers);
    }

    /// <summary>Keeps what is needed of the request after its bytes are given back.</summary>
    public void Keep() => _ = Target;

    /// <summary>The response has been sent, or the client is gone; the next request has another id.</summary>
    public void End() => _answered++;

    /// <inheritdoc/>
    public override string ClientOf(ClientAddress addresses) => ClientAddress.Of((client() as IPEndPoint)?.Address);

    /// <inheritdoc/>
    public override void Abort() => abort();
}
