using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Adding;
using Harmonia.Protocol.Messages.Handshake;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Daemon;
using Harmonia.Tests.Daemon.Adding;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Nix;

/// <summary>
/// What Nix 2.34 no longer answers, but older daemons do, and no client at hand asks any more: asked by hand, in the version of the older
/// daemon, and answered alike by both.
/// </summary>
[Category("Nix")]
[TestFixtureSource(nameof(Older))]
public sealed class OldOperationTests(NixRelease release)
{
    private TwinStores _twins = null!;
    private StorePath _path = null!;
    private StorePath _reference = null!;

    private static NixRelease[] Older => [NixRelease.Bookworm, NixRelease.Trixie];

    [SetUp]
    public async Task StartAsync() => _twins = await TwinStores.StartAsync(release, async store =>
    {
        string file = Path.GetFileName(await store.AddFileAsync("file", "a file\n"));
        string[] built = await store.BuildAsync(
            $$"""derivation { name = "built"; system = builtins.currentSystem; builder = "/bin/sh"; source = "${builtins.toFile "source" "text"}"; args = [ "-c" "echo $source > $out" ]; }""");
        _path = StorePath.Parse(Path.GetFileName(built.Single()));
        _reference = StorePath.Parse(file);
    });

    [TearDown]
    public async Task StopAsync() => await _twins.DisposeAsync();

    [Test]
    public async Task Exports_are_the_same_bytes_and_imports_have_the_same_effect()
    {
        byte[][] exports = await OnBothAsync(async client =>
        {
            await client.AskAsync(Operation.ExportPath, (writer, context) => ExportPathRequestCodec.Write(writer, context, new ExportPathRequest(_path, false)));
            Assert.That(await client.Reader.ReadUInt64Async(default), Is.EqualTo(1));
            return client.Data.ToArray();
        });
        Assert.That(exports[0].AsSpan().SequenceEqual(exports[1]));

        string[] requisites = await _twins.Ours.RunAsync("nix-store", "--query", "--requisites", $"/nix/store/{_path}", $"/nix/store/{_reference}");
        byte[] data = (await Command.RunAsync(release.Program("nix-store"), ["--export", .. requisites], _twins.Ours.Environment)).Output;
        await using TwinStores target = await TwinStores.StartAsync(release);
        string[] imported = await OnBothAsync(target, async client =>
        {
            client.Writer.WriteUInt64((uint)Operation.ImportPaths);
            await client.Writer.FlushAsync(default);
            await client.UploadPulledAsync(data);
            return string.Join(' ', await StorePathCodec.ReadListAsync(client.Reader, client.Context, default));
        });

        Assert.That(imported[0], Is.EqualTo(imported[1]).And.Contain(_path.BaseName));
        await target.AssertSameContentsAsync();
        Assert.That(await StoreContents.VerifyAsync(target.Ours), Is.Empty);
    }

    private Task<T[]> OnBothAsync<T>(Func<SessionClient, Task<T>> ask) => OnBothAsync(_twins, ask);

    private static async Task<T[]> OnBothAsync<T>(TwinStores twins, Func<SessionClient, Task<T>> ask)
    {
        List<T> answers = [];
        foreach (string path in new[] { twins.Harmonia.SocketPath, twins.NixSocketPath })
        {
            using SessionClient client = await SessionClient.ConnectAsync(path, minor: 34);
            await client.AskAsync(Operation.SetOptions, (writer, _) => ClientOptionsCodec.Write(writer, new ClientOptions()));
            answers.Add(await ask(client));
        }

        return [.. answers];
    }
}
