using System.Buffers;
using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Adding;
using Harmonia.Protocol.Messages.Gc;
using Harmonia.Protocol.Messages.Handshake;
using Harmonia.Protocol.Messages.Stderr;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Daemon.Operations;

/// <summary>The effect of settings that a client overrides, and which clients may extend trust.</summary>
public sealed class ClientSettingsTests
{
    private const string First = "08888888888888888888888888888888-one";
    private const string Second = "09999999999999999999999999999999-two";
    private const string Refused = "lacks a signature by a trusted key";

    private static readonly byte[] Nar = new WireBytes().Text("nix-archive-1", "(", "type", "regular", "contents", "hello", ")").ToArray();

    [Test]
    public async Task What_one_client_sets_holds_for_it_alone_and_until_it_says_otherwise()
    {
        using SampleStore store = new();
        await using SessionHarness one = new(store);
        await using SessionHarness other = new(store);
        using SessionClient trusting = await one.ConnectAsync();
        using SessionClient strict = await other.ConnectAsync();
        await SetAsync(trusting, ("require-sigs", "false"));

        await AddAsync(trusting, First);
        Assert.That(
            () => AddAsync(strict, Second),
            Throws.TypeOf<RemoteErrorException>().With.Message.Contains(Refused));
        await SetAsync(trusting);
        Assert.That(
            () => AddAsync(trusting, Second),
            Throws.TypeOf<RemoteErrorException>().With.Message.Contains(Refused));
    }

    [TestCase("require-sigs", "false", true)]
    [TestCase("trusted-public-keys", null, true)]
    [TestCase("trusted-public-keys", null, false)]
    [TestCase("extra-trusted-public-keys", null, true)]
    [TestCase("extra-trusted-public-keys", null, false)]
    [TestCase("secret-key-files", null, true)]
    [TestCase("secret-key-files", null, false)]
    public async Task Trust_can_be_widened_by_a_trusted_client_only(string name, string? value, bool isPadded)
    {
        using TemporaryDirectory directory = new();
        using SecretKey key = SecretKey.Generate("client-1");
        await File.WriteAllTextAsync(directory["key"], isPadded ? key.ExportText() : key.ExportText().TrimEnd('='));
        File.SetUnixFileMode(directory["key"], UnixFileMode.UserRead);
        value ??= name == "secret-key-files" ? directory["key"] : isPadded ? key.PublicKey.ToString() : key.PublicKey.ToString().TrimEnd('=');
        using SampleStore store = new();
        await using SessionHarness untrusted = new(store, Trust.NotTrusted);
        await using SessionHarness trusted = new(store);
        using SessionClient stranger = await untrusted.ConnectAsync();
        using SessionClient friend = await trusted.ConnectAsync();
        await SetAsync(stranger, (name, value));
        await SetAsync(friend, (name, value));

        Assert.That(
            () => AddAsync(stranger, First, key),
            Throws.TypeOf<RemoteErrorException>().With.Message.Contains(Refused));
        await AddAsync(friend, First, key);
    }

    [Test]
    public async Task The_collector_keeps_what_the_client_wants()
    {
        using SampleStore store = new();
        await using SessionHarness harness = new(store);
        using SessionClient client = await harness.ConnectAsync();
        await client.AskAsync(Operation.AddTempRoot, SampleStore.Top);
        _ = await client.Reader.ReadUInt64Async(default);

        Assert.That(await DeadAsync(client), Does.Not.Contain(SampleStore.Print(SampleStore.TopDerivation)));
        await SetAsync(client, ("keep-derivations", "false"));
        Assert.That(await DeadAsync(client), Does.Contain(SampleStore.Print(SampleStore.TopDerivation)));
    }

    private static async Task<IReadOnlyList<string>> DeadAsync(SessionClient client)
    {
        await client.AskAsync(
            Operation.CollectGarbage,
            (writer, context) => CollectGarbageRequestCodec.Write(writer, context, new CollectGarbageRequest { Action = GcAction.ReturnDead }));
        return (await CollectGarbageResultCodec.ReadAsync(client.Reader, default)).Paths;
    }

    private static Task SetAsync(SessionClient client, params (string Name, string Value)[] overrides)
    {
        ClientOptions options = new() { Overrides = overrides.ToDictionary(setting => setting.Name, setting => setting.Value) };
        return client.AskAsync(Operation.SetOptions, (writer, _) => ClientOptionsCodec.Write(writer, options));
    }

    /// <summary>Adds a path that is not content-addressed, with the signature check on.</summary>
    private static Task AddAsync(SessionClient client, string path, SecretKey? key = null)
    {
        ValidPathInfo info = new()
        {
            Path = StorePath.Parse(path),
            Info = new UnkeyedValidPathInfo { NarHash = NarHash.Of(Nar), NarSize = (ulong)Nar.Length, References = [] },
        };
        string[] signatures = key is null ? [] : [key.Sign(Fingerprint.Of(StoreDirectory.Default, info)).ToString()];
        AddToStoreNarRequest request = new() { Info = info with { Info = info.Info with { Signatures = signatures } } };
        return client.AskAsync(Operation.AddToStoreNar, (writer, context) =>
        {
            AddToStoreNarRequestCodec.Write(writer, context, request);
            writer.WriteUInt64((ulong)Nar.Length);
            writer.Write(Nar);
            writer.WriteUInt64(0);
        });
    }
}
