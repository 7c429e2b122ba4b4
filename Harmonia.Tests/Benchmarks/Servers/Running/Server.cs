using Harmonia.Benchmarks.Servers.Processes;
using Harmonia.Benchmarks.Servers.Store;
using Harmonia.Protocol.Store;

namespace Harmonia.Benchmarks.Servers.Running;

/// <summary>A server of the benchmark store, and the processes whose CPU time counts. It owns the programs that were started for it.</summary>
/// <param name="name">As the tables show it.</param>
/// <param name="url">Without a slash at the end.</param>
/// <param name="processes">Each counts with its children.</param>
/// <param name="programs">They are stopped from the last to the first: a cache drains while its daemon still answers.</param>
/// <param name="certificate">The one that clients trust besides those of the system.</param>
internal sealed class Server(
    string name, string url, IReadOnlyList<int> processes, IReadOnlyList<RunningProgram> programs, ServerCertificate? certificate = null)
    : IAsyncDisposable
{
    private readonly ProcessTree[] _processes = [.. processes.Select(static process => new ProcessTree(process))];
    private readonly HttpClient _http = certificate?.CreateClient() ?? new HttpClient();

    public string Name => name;

    public string Url => url;

    /// <summary>What curl needs to trust the server.</summary>
    public IReadOnlyList<string> CurlArguments => certificate is null ? [] : ["--cacert", certificate.CertificatePath];

    /// <summary>The CPU time of all processes so far.</summary>
    public TimeSpan CpuTime => _processes.Aggregate(TimeSpan.Zero, static (sum, each) => sum + each.CpuTime);

    /// <summary>The processes: of ours the daemon, then the cache.</summary>
    public IReadOnlyList<ProcessTree> Processes => _processes;

    /// <summary>The resident set of all processes, in MB.</summary>
    public double ResidentMegabytes => _processes.Sum(static each => each.ResidentMegabytes);

    /// <summary>Whether it answers.</summary>
    public async Task<bool> AnswersAsync()
    {
        try
        {
            using HttpResponseMessage response = await _http.GetAsync(new Uri($"{url}/nix-cache-info"));
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>The URL of a path's NAR, as its narinfo says: below the server's own, without a slash at the beginning.</summary>
    public async Task<string> NarUrlAsync(StorePath path, CancellationToken cancellationToken) =>
        NarInfoText.UrlOf(await GetTextAsync($"{path.Hash}.narinfo", cancellationToken));

    public Task<string> GetTextAsync(string target, CancellationToken cancellationToken) =>
        _http.GetStringAsync(new Uri($"{url}/{target}"), cancellationToken);

    /// <summary>Writes a response to a file.</summary>
    public async Task SaveAsync(string target, string file, CancellationToken cancellationToken)
    {
        await using Stream source = await _http.GetStreamAsync(new Uri($"{url}/{target}"), cancellationToken);
        await using FileStream copy = File.Create(file);
        await source.CopyToAsync(copy, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        foreach (RunningProgram program in programs.Reverse())
            await program.DisposeAsync();
    }
}
