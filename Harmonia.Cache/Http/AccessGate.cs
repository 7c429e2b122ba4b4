namespace Harmonia.Cache.Http;

/// <summary>Decides which requests to a private cache pass. <c>/health</c> is open to all, for load balancers.</summary>
public sealed class AccessGate : IDisposable
{
    private static readonly ErrorReply Unauthorized = new(StatusCodes.Status401Unauthorized, "Unauthorized")
    {
        Headers =
        [
            new HeaderLine("WWW-Authenticate", "Basic realm=\"harmonia\", charset=\"UTF-8\""),
            new HeaderLine("WWW-Authenticate", "Bearer realm=\"harmonia\""),
        ],
    };

    // Half of the processors may hash passwords, so that guessing passwords does not stop downloads.
    private static readonly int MaxHashing = Math.Max(1, Environment.ProcessorCount / 2);
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _hashing = new(MaxHashing);
    private volatile CredentialList? _credentials;

    /// <param name="credentials">Null lets every request pass.</param>
    public AccessGate(CredentialList? credentials) => _credentials = credentials;

    /// <summary>Whether requests need credentials.</summary>
    public bool IsPrivate => _credentials is not null;

    /// <summary>Puts other credentials in the place of the old ones; requests under way go on.</summary>
    public void Replace(CredentialList? credentials) => _credentials = credentials;

    /// <summary>Why a request is refused; null lets it pass.</summary>
    public async ValueTask<ErrorReply?> RefuseAsync(HttpContext context) =>
        _credentials is { } credentials && KestrelRequest.Of(context).Route.Kind != RouteKind.Health
            ? await RefuseAsync(credentials, context.Request.Headers.Authorization.ToString())
            : null;

    public void Dispose() => _hashing.Dispose();

    private async Task<ErrorReply?> RefuseAsync(CredentialList credentials, string authorization)
    {
        if (authorization.Length == 0)
            return Unauthorized;
        if (credentials.Remembers(authorization))
            return null;
        if (!await _hashing.WaitAsync(MaxWait))
            return ErrorReply.ServiceUnavailable;
        try
        {
            return await Task.Run(() => credentials.Admits(authorization)) ? null : Unauthorized;
        }
        finally
        {
            _hashing.Release();
        }
    }
}
