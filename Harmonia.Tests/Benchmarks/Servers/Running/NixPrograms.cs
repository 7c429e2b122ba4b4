using Harmonia.Benchmarks.Servers.Processes;

namespace Harmonia.Benchmarks.Servers.Running;

/// <summary>The newest Nix there is: 2.34 of <c>$HARMONIA_NIX_CLIENTS</c>, as <c>./test.sh</c> installs it, or the one on PATH.</summary>
internal sealed class NixPrograms
{
    private readonly string? _directory;

    private NixPrograms(string? directory) => _directory = directory;

    public static NixPrograms Find()
    {
        string clients = Environment.GetEnvironmentVariable("HARMONIA_NIX_CLIENTS") is { Length: > 0 } set ? set : "/var/cache/nix-clients";
        string directory = Path.Combine(clients, "forky/usr/bin");
        return new NixPrograms(File.Exists(Path.Combine(directory, "nix")) ? directory : null);
    }

    public string PathOf(string program) => _directory is null ? program : Path.Combine(_directory, program);

    /// <summary>Such as "nix-daemon (Nix) 2.34.8".</summary>
    public async Task<string> VersionAsync(CancellationToken cancellationToken) =>
        (await Command.ReadAsync(PathOf("nix-daemon"), ["--version"], cancellationToken)).Trim();
}
