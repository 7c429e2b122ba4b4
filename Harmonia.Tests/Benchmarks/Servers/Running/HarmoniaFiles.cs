namespace Harmonia.Benchmarks.Servers.Running;

/// <summary>The files of one daemon and its cache, and where the cache listens.</summary>
/// <param name="Certificate">That of the cache, or null without TLS.</param>
internal sealed record HarmoniaFiles(string Directory, int Port, ServerCertificate? Certificate)
{
    public string DaemonSocket => PathOf("daemon.socket");

    public string DaemonConfiguration => PathOf("daemon.toml");

    public string CacheConfiguration => PathOf("cache.toml");

    public string Url => $"{(Certificate is null ? "http" : "https")}://127.0.0.1:{Port}";

    public string PathOf(string name) => Path.Combine(Directory, name);
}
