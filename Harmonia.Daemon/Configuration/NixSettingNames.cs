using System.Collections.Frozen;

namespace Harmonia.Daemon.Configuration;

/// <summary>
/// The names of all settings of Nix 2.8 to 2.36, including experimental ones. The daemon uses few of them, but does not warn about the
/// others. Nix: the output of <c>nix config show</c>.
/// </summary>
internal static class NixSettingNames
{
    private const string Extra = "extra-";

    private static readonly FrozenDictionary<string, string> Aliases = new Dictionary<string, string>
    {
        ["binary-cache-public-keys"] = "trusted-public-keys",
        ["binary-caches"] = "substituters",
        ["binary-caches-parallel-connections"] = "http-connections",
        ["build-chroot-dirs"] = "sandbox-paths",
        ["build-compress-log"] = "compress-build-log",
        ["build-cores"] = "cores",
        ["build-fallback"] = "fallback",
        ["build-impersonate-linux-26"] = "impersonate-linux-26",
        ["build-keep-log"] = "keep-build-log",
        ["build-max-jobs"] = "max-jobs",
        ["build-max-log-size"] = "max-build-log-size",
        ["build-max-silent-time"] = "max-silent-time",
        ["build-sandbox-paths"] = "sandbox-paths",
        ["build-timeout"] = "timeout",
        ["build-use-chroot"] = "sandbox",
        ["build-use-sandbox"] = "sandbox",
        ["build-use-substitutes"] = "substitute",
        ["commit-lockfile-summary"] = "commit-lock-file-summary",
        ["env-keep-derivations"] = "keep-env-derivations",
        ["gc-keep-derivations"] = "keep-derivations",
        ["gc-keep-outputs"] = "keep-outputs",
        ["substitution-max-jobs"] = "max-substitution-jobs",
        ["trusted-binary-caches"] = "trusted-substituters",
    }.ToFrozenDictionary();

    /// <summary>The settings that accept the prefix <c>extra-</c>.</summary>
    private static readonly FrozenSet<string> Lists = FrozenSet.Create(
        "access-tokens", "allowed-impure-host-deps", "allowed-uris", "allowed-users", "build-hook", "experimental-features",
        "extra-platforms", "hashed-mirrors", "ignored-acls", "impure-env", "nix-path", "plugin-files", "sandbox-paths",
        "secret-key-files", "substituters", "system-features", "trusted-public-keys", "trusted-substituters", "trusted-users");

    private static readonly FrozenSet<string> Others = FrozenSet.Create(
        "abort-on-warn", "accept-flake-config", "allow-dirty", "allow-dirty-locks", "allow-import-from-derivation",
        "allow-new-privileges", "allow-symlinked-store", "allow-unsafe-native-code-during-evaluation", "always-allow-substitutes",
        "auto-allocate-uids", "auto-optimise-store", "bash-prompt", "bash-prompt-prefix", "bash-prompt-suffix", "build-dir",
        "build-hook-kill-timeout", "build-poll-interval", "build-users-group", "builders", "builders-use-substitutes",
        "commit-lock-file-summary", "commit-lockfile-summary", "compress-build-log", "connect-timeout", "cores",
        "darwin-log-sandbox-violations", "debugger-on-trace", "debugger-on-warn", "diff-hook", "download-attempts",
        "download-buffer-size", "download-speed", "enforce-determinism", "eval-attrset-update-layer-rhs-threshold", "eval-cache",
        "eval-profile-file", "eval-profiler", "eval-profiler-frequency", "eval-system", "external-builders", "fallback",
        "filetransfer-retry-attempts", "filetransfer-retry-delay", "filetransfer-retry-delay-rate-limited", "filetransfer-retry-jitter",
        "filetransfer-retry-max-delay", "filter-syscalls", "flake-registry", "fsync-metadata", "fsync-store-paths", "gc-reserved-space",
        "http-connections", "http2", "http3", "id-count", "ignore-try", "impersonate-linux-26", "json-log-path", "keep-build-log",
        "keep-derivations", "keep-env-derivations", "keep-failed", "keep-going", "keep-outputs", "lint-absolute-path-literals",
        "lint-short-path-literals", "lint-url-literals", "log-lines", "max-build-log-size", "max-call-depth", "max-free", "max-jobs",
        "max-silent-time", "max-substitution-jobs", "min-free", "min-free-check-interval", "nar-buffer-size", "narinfo-cache-meta-ttl",
        "narinfo-cache-negative-ttl", "narinfo-cache-positive-ttl", "netrc-file", "nix-shell-always-looks-for-shell-nix",
        "nix-shell-shebang-arguments-relative-to-script", "pasta-path", "post-build-hook", "pre-build-hook", "preallocate-contents",
        "print-missing", "pure-eval", "repeat", "require-drop-supplementary-groups", "require-sigs", "restrict-eval", "run-diff-hook",
        "sandbox", "sandbox-build-dir", "sandbox-dev-shm-size", "sandbox-fallback", "show-trace", "ssl-cert-file",
        "stalled-download-timeout", "start-id", "store", "substitute", "sync-before-registering", "system", "tarball-ttl", "timeout",
        "trace-function-calls", "trace-import-from-derivation", "trace-verbose", "trust-tarballs-from-git-forges",
        "upgrade-nix-store-path-url", "use-case-hack", "use-cgroups", "use-registries", "use-sqlite-wal", "use-xdg-base-directories",
        "user-agent-suffix", "warn-dirty", "warn-large-path-threshold", "warn-short-path-literals");

    /// <summary>Returns the canonical name, and whether the value is added to the existing one.</summary>
    public static (string Name, bool IsExtra) Resolve(string name)
    {
        if (!IsKnown(name) && name.StartsWith(Extra, StringComparison.Ordinal) && Lists.Contains(Canonical(name[Extra.Length..])))
        {
            return (Canonical(name[Extra.Length..]), true);
        }

        return (Canonical(name), false);
    }

    /// <summary>Whether any Nix has a setting of this name.</summary>
    public static bool Exists(string name) => Resolve(name).IsExtra || IsKnown(name);

    private static bool IsKnown(string name) => Lists.Contains(Canonical(name)) || Others.Contains(Canonical(name));

    private static string Canonical(string name) => Aliases.GetValueOrDefault(name, name);
}
