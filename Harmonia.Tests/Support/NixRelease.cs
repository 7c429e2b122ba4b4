namespace Harmonia.Tests.Support;

/// <summary>
/// A real Nix on this machine. The tests run three generations of it; one that is missing fails the test that asks for it.
/// </summary>
public sealed record NixRelease
{
    private NixRelease(string name, string binaries) => (Name, Binaries) = (name, binaries);

    /// <summary>Debian bookworm's own nix-bin: Nix 2.8, protocol 1.34.</summary>
    public static NixRelease Bookworm { get; } = new("2.8", "/usr/bin");

    /// <summary>Debian trixie's: Nix 2.26, protocol 1.38.</summary>
    public static NixRelease Trixie { get; } = new("2.26", Path.Combine(Clients, "trixie/usr/bin"));

    /// <summary>Debian forky's: Nix 2.34, protocol 1.38.</summary>
    public static NixRelease Forky { get; } = new("2.34", Path.Combine(Clients, "forky/usr/bin"));

    public static IReadOnlyList<NixRelease> All { get; } = [Bookworm, Trixie, Forky];

    public string Name { get; }

    /// <summary>The folder of nix, nix-store, nix-daemon and the others.</summary>
    public string Binaries { get; }

    private static string Clients => Environment.GetEnvironmentVariable("HARMONIA_NIX_CLIENTS") ?? "/var/cache/nix-clients";

    /// <summary>The path of one of Nix's programs. Fails when this release is not installed.</summary>
    public string Program(string name)
    {
        string program = Path.Combine(Binaries, name);
        return File.Exists(program)
            ? program
            : throw new FileNotFoundException($"Nix {Name} is not installed: {program} is missing. ./test.sh installs it.", program);
    }

    public override string ToString() => Name;
}
