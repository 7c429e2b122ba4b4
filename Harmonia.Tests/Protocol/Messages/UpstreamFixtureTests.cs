using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Building;
using Harmonia.Protocol.Messages.Handshake;
using Harmonia.Protocol.Store;
using Harmonia.Protocol.Wire;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Messages;

/// <summary>
/// Nix's own fixtures, which are not part of this repository. There is a test for each when NIX_UPSTREAM_SRC names a checkout of
/// Nix, and none otherwise: the layouts are also tested by hand-made bytes and by recordings.
/// </summary>
public sealed class UpstreamFixtureTests
{
    private static readonly string? Source = Environment.GetEnvironmentVariable("NIX_UPSTREAM_SRC");

    // Since 2.35 the JSON of a realisation is no longer sent. Its fixture still exists, but Nix's own tests don't read it, and it has
    // signatures as objects, which no release ever sent.
    private static IEnumerable<string> Fixtures => Source is null ? [] :
        from folder in new[] { "worker-protocol", "common-protocol" }
        let path = Path.Combine(Source, "src/libstore-tests/data", folder)
        where Directory.Exists(path)
        from file in Directory.EnumerateFiles(path, "*.bin").Order(StringComparer.Ordinal)
        where Path.GetFileName(file) != "realisation.bin" || !SpeaksOfPaths
        select Path.GetRelativePath(Source, file);

    private static bool SpeaksOfPaths => File.Exists(
        Path.Combine(Source!, "src/libstore-tests/data/worker-protocol/realisation-realisation-with-path-not-hash.bin"));

    [TestCaseSource(nameof(Fixtures))]
    public async Task Fixture_is_read_and_written_again(string fixture)
    {
        byte[] bytes = await File.ReadAllBytesAsync(Path.Combine(Source!, fixture));
        string name = Path.GetFileNameWithoutExtension(fixture);
        using WireReader reader = new(new MemoryStream(bytes));
        using MemoryStream again = new();
        using WireWriter writer = new(again);

        MessageContext context = ContextOf(name);
        while (await reader.WaitForDataAsync(default))
            await CodecOf(name)(reader, writer, context);
        await writer.FlushAsync(default);

        Assert.That(again.ToArray(), Is.EqualTo(bytes));
    }

    private static MessageContext ContextOf(string name)
    {
        const string Feature = ProtocolFeatures.RealisationWithPathNotHash;
        string minor = name.Replace("-compat", "", StringComparison.Ordinal).Split('-', '_')[^1].Split('.')[^1];
        return new MessageContext
        {
            StoreDirectory = StoreDirectory.Default,
            Version = byte.TryParse(minor, out byte number) ? new ProtocolVersion(1, number) : ProtocolVersion.Current,
            Features = name.EndsWith(Feature, StringComparison.Ordinal) ? new FeatureSet([Feature]) : FeatureSet.Empty,
        };
    }

    private static Transcode CodecOf(string name) => name switch
    {
        "string" => async (r, w, _) => w.WriteString(await r.ReadStringAsync(WireLimits.Name, default)),
        "vector" or "set" => CopyListAsync,
        "store-path" => async (r, w, c) => StorePathCodec.Write(w, c, await StorePathCodec.ReadAsync(r, c, default)),
        "optional-store-path" => async (r, w, c) =>
            StorePathCodec.WriteOptional(w, c, await StorePathCodec.ReadOptionalAsync(r, c, default)),
        "content-address" or "optional-content-address"
            => async (r, w, _) => ContentAddressCodec.WriteOptional(w, await ContentAddressCodec.ReadOptionalAsync(r, default)),
        "optional-trusted-flag" => async (r, w, _) => TrustCodec.Write(w, await TrustCodec.ReadAsync(r, default)),
        "build-mode" => async (r, w, _) => BuildModeCodec.Write(w, await BuildModeCodec.ReadAsync(r, default)),
        "client-handshake-info_1_33" => async (r, w, _) => w.WriteString(await r.ReadStringAsync(WireLimits.Name, default)),
        "client-handshake-info_1_35" => CopyHandshakeInfoAsync,
        "handshake-to-client" => CopyVersionAsync,
        "drv-output" => async (r, w, _) => DrvOutputCodec.Write(w, await DrvOutputCodec.ReadAsync(r, default)),
        "realisation" or "realisation-with-deps" => async (r, w, c) =>
            RealisationCodec.Write(w, c, await RealisationCodec.ReadAsync(r, c, default)),
        _ when name.StartsWith("drv-output-", StringComparison.Ordinal)
            => async (r, w, c) => BuildTraceKeyCodec.Write(w, c, await BuildTraceKeyCodec.ReadAsync(r, c, default)),
        _ when name.StartsWith("unkeyed-realisation-", StringComparison.Ordinal)
            => async (r, w, c) => UnkeyedRealisationCodec.Write(w, c, await UnkeyedRealisationCodec.ReadAsync(r, c, default)),
        _ when name.StartsWith("realisation-", StringComparison.Ordinal)
            => async (r, w, c) => BuildTraceEntryCodec.Write(w, c, await BuildTraceEntryCodec.ReadAsync(r, c, default)),
        _ when name.StartsWith("derived-path-", StringComparison.Ordinal)
            => async (r, w, c) => DerivedPathCodec.Write(w, c, await DerivedPathCodec.ReadAsync(r, c, default)),
        _ when name.StartsWith("build-result-", StringComparison.Ordinal)
            => async (r, w, c) => BuildResultCodec.Write(w, c, await BuildResultCodec.ReadAsync(r, c, default)),
        _ when name.StartsWith("keyed-build-result-", StringComparison.Ordinal)
            => async (r, w, c) => KeyedBuildResultCodec.Write(w, c, await ClientReplies.ReadBuildResultAsync(r, c, default)),
        _ when name.StartsWith("unkeyed-valid-path-info-", StringComparison.Ordinal)
            => async (r, w, c) => UnkeyedValidPathInfoCodec.Write(w, c, await UnkeyedValidPathInfoCodec.ReadAsync(r, c, default)),
        _ when name.StartsWith("valid-path-info-", StringComparison.Ordinal)
            => async (r, w, c) => ValidPathInfoCodec.Write(w, c, await ValidPathInfoCodec.ReadAsync(r, c, default)),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "There is no codec for this fixture yet."),
    };

    private static async Task CopyHandshakeInfoAsync(WireReader reader, WireWriter writer, MessageContext context)
    {
        writer.WriteString(await reader.ReadStringAsync(WireLimits.Name, default));
        TrustCodec.Write(writer, await TrustCodec.ReadAsync(reader, default));
    }

    private static async Task CopyVersionAsync(WireReader reader, WireWriter writer, MessageContext context)
    {
        writer.WriteUInt64(await reader.ReadUInt64Async(default));
        writer.WriteUInt64(ProtocolVersion.FromWire(await reader.ReadUInt32Async(default)).ToWire());
    }

    /// <summary>Lists of strings, and behind them one of lists.</summary>
    private static async Task CopyListAsync(WireReader reader, WireWriter writer, MessageContext context)
    {
        for (int list = 0; list < 3; list++)
            await CopyStringsAsync();
        int count = await reader.ReadCountAsync(WireLimits.Fields, default);
        writer.WriteUInt64((ulong)count);
        for (int list = 0; list < count; list++)
            await CopyStringsAsync();

        async Task CopyStringsAsync()
        {
            int strings = await reader.ReadCountAsync(WireLimits.Fields, default);
            writer.WriteUInt64((ulong)strings);
            for (int n = 0; n < strings; n++)
                writer.WriteString(await reader.ReadStringAsync(WireLimits.Name, default));
        }
    }
}
