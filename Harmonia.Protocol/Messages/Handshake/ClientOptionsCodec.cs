using Harmonia.Protocol.Messages.Stderr;
using Harmonia.Protocol.Wire;

namespace Harmonia.Protocol.Messages.Handshake;

/// <summary>The request of SetOptions. There is no reply.</summary>
public static class ClientOptionsCodec
{
    // Nix: src/libstore/remote-store.cc, RemoteStore::setOptions
    //   bool keepFailed · bool keepGoing · bool tryFallback · u64 verbosity · u64 maxBuildJobs · u64 maxSilentTime
    //   · bool useBuildHook (obsolete) · u64 level of builders' output · u64 logType (obsolete) · u64 printBuildTrace (obsolete)
    //   · u64 buildCores · bool useSubstitutes · u64 count · each: string name, string value (ascending by name)

    /// <summary>
    /// Reads the settings. Names and values may be any bytes, because a client could do nothing if the daemon refused its settings. If a name
    /// has two values, the first counts, as in Nix.
    /// </summary>
    /// <exception cref="WireException">The bytes are not settings.</exception>
    public static async ValueTask<ClientOptions> ReadAsync(WireReader reader, CancellationToken cancellationToken) => new()
    {
        KeepFailed = await reader.ReadBoolAsync(cancellationToken),
        KeepGoing = await reader.ReadBoolAsync(cancellationToken),
        TryFallback = await reader.ReadBoolAsync(cancellationToken),
        Verbosity = (LogLevel)await reader.ReadUInt32Async(cancellationToken),
        MaxBuildJobs = await reader.ReadUInt32Async(cancellationToken),
        MaxSilentTime = await reader.ReadUInt64Async(cancellationToken),
        UseBuildHook = await reader.ReadBoolAsync(cancellationToken),
        BuildVerbosity = (LogLevel)await reader.ReadUInt32Async(cancellationToken),
        LogType = await reader.ReadUInt64Async(cancellationToken),
        PrintBuildTrace = await reader.ReadUInt64Async(cancellationToken),
        BuildCores = await reader.ReadUInt32Async(cancellationToken),
        UseSubstitutes = await reader.ReadBoolAsync(cancellationToken),
        Overrides = await ReadOverridesAsync(reader, cancellationToken),
    };

    private static async ValueTask<IReadOnlyDictionary<string, string>> ReadOverridesAsync(
        WireReader reader, CancellationToken cancellationToken)
    {
        int count = await reader.ReadCountAsync(WireLimits.Settings, cancellationToken);
        Dictionary<string, string> overrides = [];
        for (int i = 0; i < count; i++)
        {
            string name = await reader.ReadTextAsync(WireLimits.Name, cancellationToken);
            _ = overrides.TryAdd(name, await reader.ReadTextAsync(WireLimits.SettingValue, cancellationToken));
        }

        return overrides;
    }
}
