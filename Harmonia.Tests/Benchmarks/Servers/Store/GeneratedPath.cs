using Harmonia.Protocol.Store;

namespace Harmonia.Benchmarks.Servers.Store;

/// <summary>
/// A path of a store as large as wanted. Its number decides everything about it, so that a small store is the beginning of a large one, and
/// nobody has to ask what a path is. It refers to paths with lower numbers only.
/// </summary>
internal sealed class GeneratedPath
{
    private const int MaxReferences = 10;
    private const int Popular = 64;
    private const int Near = 1000;
    private const ulong FirstRegistration = 1_700_000_000;
    private const int SignatureLength = 64;

    private static readonly string[] Packages =
    [
        "acl", "bash", "binutils-wrapper", "boost", "cargo", "cmake", "coreutils-full", "curl", "dbus", "ffmpeg-headless", "fontconfig", "gcc-wrapper",
        "ghc-aeson", "git-minimal", "glib", "glibc", "go-modules", "gst-plugins-base", "haskell-language-server", "icu4c", "kernel-modules",
        "libX11", "libnixexpr", "librsvg", "linux-headers-static", "llvm", "mesa", "ncurses", "node_lodash", "openssl", "perl5.42.0-XML-Parser",
        "python3.13-cryptography", "python3.13-numpy", "python3.13-typing-extensions", "qtbase", "rust_serde_derive", "ruby3.4-nokogiri",
        "stdenv-linux", "systemd-minimal", "texlive-collection-latexextra", "unit-nix-daemon.service", "wayland-protocols", "xz", "zlib", "zstd",
    ];

    private static readonly string[] Suffixes =
    [
        "", "", "", "", "", "-bin", "-dev", "-dist", "-doc", "-lib", "-man", ".tar.gz", "-source", "-unstable-2025-11-28", "-hook", "-check-hook.sh", "-env",
        "-python3.13-site-packages", "-vendor-staging",
    ];

    /// <param name="number">From 0 on.</param>
    public GeneratedPath(int number)
    {
        Number = number;
        Path = PathOf(number);
        References = ReferencesOf(number);
        SeededNumbers numbers = NumbersOf('m', number);
        Deriver = numbers.Below(5) > 0 ? new StorePath(NextHash(ref numbers), $"{Path.Name}.drv") : null;
        Signatures = (numbers.Below(3), numbers.Below(8)) switch
        {
            (0, 0) => [NextSignature(ref numbers, "builder.example.org-1"), NextSignature(ref numbers, "cache.nixos.org-1")],
            (0, _) => [NextSignature(ref numbers, "cache.nixos.org-1")],
            _ => [],
        };
        (NarHash, NarSize) = GeneratedContents.Exist(number) ? MeasureContents(number) : NextNar(ref numbers);
    }

    public int Number { get; }

    public StorePath Path { get; }

    /// <summary>The numbers of the paths that it refers to, ascending: at most ten.</summary>
    public IReadOnlyList<int> References { get; }

    public StorePath? Deriver { get; }

    public IReadOnlyList<string> Signatures { get; }

    /// <summary>That of its contents, if they exist (<see cref="GeneratedContents.Exist"/>); else a random one.</summary>
    public NarHash NarHash { get; }

    public long NarSize { get; }

    /// <summary>In Unix seconds.</summary>
    public ulong RegistrationTime => FirstRegistration + (ulong)Number;

    /// <summary>What a daemon answers for this path.</summary>
    public ValidPathInfo Info => new()
    {
        Path = Path,
        Info = new UnkeyedValidPathInfo
        {
            Deriver = Deriver,
            NarHash = NarHash,
            NarSize = (ulong)NarSize,
            RegistrationTime = RegistrationTime,
            References = [.. References.Select(PathOf)],
            Signatures = Signatures,
        },
    };

    /// <summary>The target of its NAR in our narinfos, with a slash at the beginning.</summary>
    public string NarTarget => $"/nar/{Path.Hash}-{NarHash.ToBase32()}.nar";

    /// <summary>The hash part of the path with a number.</summary>
    public static StorePathHash HashOf(int number)
    {
        SeededNumbers numbers = NumbersOf('h', number);
        return NextHash(ref numbers);
    }

    /// <summary>Hash parts of paths that no store has: others for each seed.</summary>
    public static IEnumerable<StorePathHash> MissingHashes(int count, ulong seed)
    {
        SeededNumbers numbers = new('x', seed);
        for (int n = 0; n < count; n++)
            yield return NextHash(ref numbers);
    }

    public static StorePath PathOf(int number)
    {
        SeededNumbers numbers = NumbersOf('n', number);
        string package = Packages[numbers.Below(Packages.Length)];
        string suffix = Suffixes[numbers.Below(Suffixes.Length)];
        return new StorePath(HashOf(number), $"{package}-{numbers.Below(30)}.{numbers.Below(20)}.{numbers.Below(10)}{suffix}");
    }

    private static SeededNumbers NumbersOf(char stream, int number) => new(stream, (ulong)number);

    // Many paths refer to a few, such as glibc; most references lead to paths that were added shortly before.
    private static int[] ReferencesOf(int number)
    {
        if (number == 0)
            return [];
        SeededNumbers numbers = NumbersOf('r', number);
        SortedSet<int> references = [];
        for (int left = numbers.Below(MaxReferences + 1); left > 0; left--)
        {
            references.Add(numbers.Below(8) switch
            {
                < 3 => numbers.Below(Math.Min(number, Popular)),
                < 7 => number - 1 - numbers.Below(Math.Min(number, Near)),
                _ => numbers.Below(number),
            });
        }

        return [.. references];
    }

    private static StorePathHash NextHash(ref SeededNumbers numbers)
    {
        Span<byte> bytes = stackalloc byte[StorePathHash.ByteLength];
        numbers.Fill(bytes);
        return StorePathHash.FromBytes(bytes);
    }

    private static string NextSignature(ref SeededNumbers numbers, string key)
    {
        Span<byte> bytes = stackalloc byte[SignatureLength];
        numbers.Fill(bytes);
        return $"{key}:{Convert.ToBase64String(bytes)}";
    }

    // From 1 KB to 128 MB, as many from 1 to 2 KB as from 64 to 128 MB.
    private static (NarHash Hash, long Size) NextNar(ref SeededNumbers numbers)
    {
        Span<byte> bytes = stackalloc byte[NarHash.ByteLength];
        numbers.Fill(bytes);
        long magnitude = 128L << numbers.Below(17);
        return (NarHash.FromBytes(bytes), 8 * (magnitude + numbers.Below((int)magnitude)));
    }

    private static (NarHash Hash, long Size) MeasureContents(int number)
    {
        ReadOnlyMemory<byte> nar = GeneratedContents.NarOf(number);
        return (NarHash.Of(nar.Span), nar.Length);
    }
}
