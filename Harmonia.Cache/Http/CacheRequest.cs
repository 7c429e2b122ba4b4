namespace Harmonia.Cache.Http;

/// <summary>A request, whether Kestrel or the fast front has read it: what those that respond to it and observe it need to know.</summary>
public abstract class CacheRequest
{
    /// <summary>The header with the id of a request.</summary>
    public const string IdHeader = "X-Request-Id";

    private Route _route;
    private SelectingHeaders _headers;

    /// <summary>What it asks for.</summary>
    public ref readonly Route Route => ref _route;

    /// <summary>The method as the client sent it.</summary>
    public abstract string Method { get; }

    /// <summary>The target as it came, for the log.</summary>
    public abstract string Target { get; }

    /// <summary>The id of the request in the log and in its response.</summary>
    public abstract string Id { get; }

    /// <summary>The headers that select a response.</summary>
    public ref readonly SelectingHeaders Headers => ref _headers;

    /// <summary>Whether its response takes one of max_nar_streams while it is sent.</summary>
    public bool SendsNar => _route.IsNar && _headers.IsGet;

    /// <summary>The address of the client, for the log.</summary>
    /// <param name="addresses">Knows whose word about a client counts.</param>
    public abstract string ClientOf(ClientAddress addresses);

    /// <summary>Ends the connection at once.</summary>
    public abstract void Abort();

    /// <summary>Sets what it asks for.</summary>
    protected void Set(in Route route, in SelectingHeaders headers) => (_route, _headers) = (route, headers);
}
