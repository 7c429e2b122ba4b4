namespace Harmonia.Tests.Architecture;

/// <summary>Who may import whom: the table of docs/architecture.md.</summary>
internal static class ModuleRules
{
    // The cache turns failures into answers, so it knows the exceptions of modules that it does not use.
    private static readonly string[] Failures = ["Protocol.Wire", "Protocol.Messages", "Protocol.Client", "Protocol.Interop"];

    private static readonly ModuleRule[] Parts =
    [
        Rule("Protocol.Primitives"),
        Rule("Protocol.Interop", "Protocol.Primitives"),
        Rule("Protocol.Store", "Protocol.Primitives", "Protocol.Interop"),
        Rule("Protocol.Nar", "Protocol.Primitives", "Protocol.Interop"),
        Rule("Protocol.Wire", "Protocol.Primitives"),
        Rule("Protocol.Messages", "Protocol.Wire", "Protocol.Store", "Protocol.Primitives"),
        Rule("Protocol.Client", "Protocol.Messages", "Protocol.Wire", "Protocol.Store", "Protocol.Nar", "Protocol.Interop", "Protocol.Primitives"),
        Rule("Protocol.Configuration", "Protocol.Store", "Protocol.Primitives"),
        Rule("Daemon.Interop", "Protocol.Primitives", "Protocol.Interop"),
        Rule("Daemon.Configuration", "Protocol.Configuration", "Protocol.Store"),
        Rule("Daemon.Database", "Daemon.Interop", "Protocol.Store", "Protocol.Primitives"),
        Rule("Daemon.Store", "Daemon.Database", "Daemon.Interop", "Protocol.Store", "Protocol.Primitives"),
        Rule("Daemon.Maintenance", "Daemon.Store", "Daemon.Database", "Daemon.Interop", "Protocol.Store", "Protocol.Nar"),
        Rule(
            "Daemon.Adding", "Daemon.Maintenance", "Daemon.Store", "Daemon.Database", "Daemon.Interop", "Protocol.Wire", "Protocol.Store", "Protocol.Nar"),
        Rule("Daemon.Building", "Daemon.Database", "Daemon.Interop", "Protocol.Messages", "Protocol.Wire", "Protocol.Store"),
        Rule(
            "Daemon.Gc", "Daemon.Store", "Daemon.Database", "Daemon.Interop", "Protocol.Messages", "Protocol.Store", "Protocol.Primitives"),
        Rule(
            "Daemon.Operations", "Daemon.Adding", "Daemon.Building", "Daemon.Gc", "Daemon.Configuration", "Daemon.Maintenance", "Daemon.Store",
            "Daemon.Database", "Protocol.Messages", "Protocol.Wire", "Protocol.Store", "Protocol.Nar"),
        Rule(
            "Daemon.Server", "Daemon.Operations", "Daemon.Store", "Daemon.Database", "Daemon.Configuration", "Daemon.Interop", "Protocol.Messages",
            "Protocol.Wire", "Protocol.Store"),
        CacheRule("Cache.Access", "Cache.Http"),
        CacheRule(
            "Cache.Compression", "Cache.Configuration", "Cache.Http", "Cache.Interop", "Cache.Metrics", "Cache.Observability", "Cache.Transport"),
        CacheRule("Cache.Configuration", "Cache.Access", "Protocol.Configuration", "Protocol.Store"),
        CacheRule("Cache.Http"),
        CacheRule("Cache.Memory"),
        CacheRule(
            "Cache.NarCache", "Cache.Configuration", "Cache.Interop", "Cache.Metrics", "Cache.Observability", "Protocol.Nar", "Protocol.Store"),
        CacheRule("Cache.NarInfo", "Cache.Configuration", "Protocol.Store"),
        CacheRule("Cache.Nars", "Cache.Http", "Cache.Memory", "Cache.Observability", "Cache.Store", "Protocol.Nar", "Protocol.Store"),
        CacheRule("Cache.Pages", "Cache.Compression", "Cache.Http", "Protocol.Nar", "Protocol.Primitives", "Protocol.Store"),
        CacheRule("Cache.Store", "Cache.Memory", "Cache.Observability", "Cache.Threading", "Protocol.Client", "Protocol.Nar", "Protocol.Store"),
        CacheRule(
            "Cache.Endpoints", "Cache.Store", "Cache.Logs", "Cache.NarInfo", "Cache.Nars", "Cache.Http", "Cache.Pages", "Cache.Metrics", "Cache.Observability",
            "Cache.Compression", "Cache.Configuration", "Cache.Memory", "Cache.NarCache", "Cache.Transport", "Protocol.Store", "Protocol.Nar"),
        CacheRule(
            "Cache.Hosting", "Cache.Access", "Cache.Compression", "Cache.Configuration", "Cache.Endpoints", "Cache.Http", "Cache.Interop",
            "Cache.Logs", "Cache.Memory", "Cache.NarCache", "Cache.NarInfo", "Cache.Nars", "Cache.Metrics", "Cache.Observability", "Cache.Pages", "Cache.ShortPath",
            "Cache.Store", "Cache.Systemd", "Cache.Transport", "Protocol.Configuration", "Protocol.Store"),
        CacheRule("Cache.Interop"),
        CacheRule("Cache.Logs", "Cache.Interop", "Protocol.Nar", "Protocol.Store"),
        CacheRule("Cache.Metrics", "Cache.Memory", "Cache.Observability", "Protocol.Client"),
        CacheRule("Cache.Observability"),
        CacheRule("Cache.Systemd", "Cache.Interop", "Cache.Observability"),
        CacheRule(
            "Cache.ShortPath", "Cache.Access", "Cache.Compression", "Cache.Endpoints", "Cache.Http", "Cache.Metrics", "Cache.Nars",
            "Cache.Observability", "Cache.Store", "Cache.Threading", "Cache.Transport", "Protocol.Store"),
        CacheRule("Cache.Threading"),
        CacheRule("Cache.Transport", "Cache.Http", "Cache.Interop", "Cache.Threading"),
    ];

    private static readonly string[] OfDaemon = [.. Names("Daemon."), .. Names("Protocol.").Except(["Protocol.Client"])];
    private static readonly string[] OfCache = [.. Names("Cache."), .. Names("Protocol.").Except(["Protocol.Wire", "Protocol.Messages"])];

    /// <summary>The modules that the table lists, one row each.</summary>
    public static IReadOnlyList<ModuleRule> Listed => Parts;

    /// <summary>All modules: those of the table, and the two that compose each process.</summary>
    public static IReadOnlyList<ModuleRule> All { get; } =
    [
        .. Parts,
        Rule("Daemon.Commands", OfDaemon),
        Rule("Daemon", [.. OfDaemon, "Daemon.Commands"]),
        CacheRule("Cache.Commands", OfCache),
        CacheRule("Cache", [.. OfCache, "Cache.Commands"]),
    ];

    private static ModuleRule Rule(string module, params string[] mayUse) => new(module, mayUse, []);

    private static ModuleRule CacheRule(string module, params string[] mayUse) => new(module, mayUse, Failures);

    private static IEnumerable<string> Names(string prefix) =>
        Parts.Select(rule => rule.Module).Where(module => module.StartsWith(prefix, StringComparison.Ordinal));
}
