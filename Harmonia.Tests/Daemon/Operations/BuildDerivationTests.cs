using System.Text;
using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Building;
using Harmonia.Protocol.Messages.Handshake;
using Harmonia.Protocol.Messages.Stderr;
using Harmonia.Tests.Support;
using NUnit.Framework;
using static Harmonia.Tests.Daemon.SampleStore;

namespace Harmonia.Tests.Daemon.Operations;

/// <summary>Which clients may build their own derivations, and the answer of a daemon without a build delegate.</summary>
public sealed class BuildDerivationTests
{
    private SampleStore _store = null!;

    [SetUp]
    public void Make() => _store = new SampleStore();

    [TearDown]
    public void Remove() => _store.Dispose();

    [Test]
    public async Task What_is_valid_is_built_already()
    {
        await using SessionHarness harness = new(_store);
        using SessionClient client = await harness.ConnectAsync();

        await BuildAsync(client, new BasicDerivationOutput("out", Print(Top), "", ""));
        BuildResult result = await BuildResultCodec.ReadAsync(client.Reader, client.Context, default);

        Assert.That(result.Status, Is.EqualTo(BuildStatus.AlreadyValid));
        Assert.That(result.BuiltOutputs.Single().Value.OutPath, Is.EqualTo(Top));
    }

    [Test]
    public async Task Without_a_delegate_the_error_explains_how_to_configure_one()
    {
        await using SessionHarness harness = new(_store);
        using SessionClient client = await harness.ConnectAsync();

        Assert.That(
            () => BuildAsync(client, new BasicDerivationOutput("out", Print(Missing), "", "")),
            Throws.TypeOf<RemoteErrorException>().With.Message.Contains("build_delegate"));
        Assert.That(await client.IsValidPathAsync(Top), Is.True);
    }

    [Test]
    public async Task Strangers_may_not_claim_what_their_builds_do_not_prove()
    {
        await using SessionHarness harness = new(_store, Trust.NotTrusted);
        using SessionClient client = await harness.ConnectAsync();

        Assert.That(
            () => BuildAsync(client, new BasicDerivationOutput("out", Print(Top), "", "")),
            Throws.TypeOf<RemoteErrorException>().With.Message.EqualTo("you are not privileged to build input-addressed derivations"));
        Assert.That(
            () => BuildAsync(client, new BasicDerivationOutput("out", "", "r:sha256", "")),
            Throws.TypeOf<RemoteErrorException>().With.Message.Contains("build_delegate"));
    }

    private static Task BuildAsync(SessionClient client, BasicDerivationOutput output)
    {
        BuildDerivationRequest request = new()
        {
            Path = MissingDerivation,
            Derivation = new BasicDerivation { Outputs = [output], Platform = "x86_64-linux", Builder = Encoding.UTF8.GetBytes("/bin/sh") },
        };
        return client.AskAsync(Operation.BuildDerivation, (writer, context) => BuildDerivationRequestCodec.Write(writer, context, request));
    }
}
