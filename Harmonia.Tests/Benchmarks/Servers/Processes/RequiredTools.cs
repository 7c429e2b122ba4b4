namespace Harmonia.Benchmarks.Servers.Processes;

/// <summary>Installs the programs that the measurements need, where they are missing: packages of Debian.</summary>
internal static class RequiredTools
{
    private static readonly (string Program, string Package)[] Needed =
    [
        ("nginx", "nginx-light"), ("wrk", "wrk"), ("zstd", "zstd"), ("curl", "curl"), ("nix-store", "nix-bin"),
    ];

    /// <exception cref="BenchmarkException">Programs are missing and can't be installed; the message names their packages.</exception>
    public static async Task InstallAsync(CancellationToken cancellationToken)
    {
        string[] missing = [.. Needed.Where(static tool => !Exists(tool.Program)).Select(static tool => tool.Package)];
        if (missing.Length == 0)
            return;
        if (!Command.Exists("apt-get"))
            throw new BenchmarkException($"Programs are missing, and there is no apt-get to install them. Debian has them in: {string.Join(' ', missing)}.");
        Progress.Step($"Installing {string.Join(' ', missing)} ...");
        await Administrator.RunAsync(["apt-get", "update", "-qq"], cancellationToken);
        await Administrator.RunAsync(
            ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-y", "-qq", "--no-install-recommends", .. missing], cancellationToken);
    }

    // Debian installs nginx in a directory that may not be on a user's PATH.
    private static bool Exists(string program) => Command.Exists(program) || File.Exists($"/usr/sbin/{program}");
}
