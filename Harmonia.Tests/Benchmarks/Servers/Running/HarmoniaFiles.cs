namespace Harmonia.Benchmarks.Servers.Running;

/// <summary>The files of one daemon and its cache, and where the cache listens.</summary>
internal sealed record HarmoniaFiles(string Directory, int Port)
{
    public string DaemonSocket => PathOf("daemon.socket");

    public string DaemonConfiguration => PathOf("daemon.toml");

    public string CacheConfiguration => PathOf("cache.toml");

    public string Url => $"http://127.0.0.1:{Port}";

    public string PathOf(string name) => Path.Combine(Directory, name);
}
