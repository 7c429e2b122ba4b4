using Harmonia.Daemon.Configuration;
using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Handshake;
using Harmonia.Protocol.Messages.Stderr;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Daemon.Operations;

public sealed class SetOptionsTests
{
    [Test]
    public async Task A_trusted_client_may_override_anything() =>
        Assert.That(await WarningsAsync(Trust.Trusted, LogLevel.Vomit, ("sandbox", "false"), ("no-such-setting", "1")), Is.Empty);

    [Test]
    public async Task Others_are_warned_of_what_they_may_not_override()
    {
        List<string> warnings = await WarningsAsync(
            Trust.NotTrusted, LogLevel.Info, ("sandbox", "false"), ("builders", "x"), ("timeout", "5"), ("build-timeout", "5"), ("connect-timeout", "5"));

        Assert.That(warnings, Is.EqualTo([Warning("builders"), Warning("sandbox")]));
    }

    [TestCase("max-silent-time", "1")]
    [TestCase("build-poll-interval", "1")]
    [TestCase("builders", "")]
    [TestCase("substituters", "https://one.example https://two.example")]
    [TestCase("substituters", "https://three.example/ https://three.example")]
    [TestCase("experimental-features", "nix-command")]
    [TestCase("ssh-auth-sock", "/run/agent")]
    public async Task What_anybody_may_say_is_taken_without_a_word(string name, string value) =>
        Assert.That(await WarningsAsync(Trust.NotTrusted, LogLevel.Vomit, (name, value)), Is.Empty);

    [Test]
    public async Task Substituters_that_are_not_trusted_are_left_out() => Assert.That(
        await WarningsAsync(Trust.NotTrusted, LogLevel.Info, ("substituters", "https://one.example https://evil.example")),
        Is.EqualTo(["warning: ignoring untrusted substituter 'https://evil.example', you are not a trusted user\n"]));

    [Test]
    public async Task An_invalid_value_gives_a_warning() => Assert.That(
        await WarningsAsync(Trust.Trusted, LogLevel.Info, ("keep-outputs", "perhaps"), ("trusted-public-keys", "x")),
        Is.EquivalentTo([
            "warning: keep-outputs: expected 'true' or 'false', but got 'perhaps'\n",
            "warning: trusted-public-keys: expected 'NAME:' and 32 bytes in base 64\n",
        ]));

    [Test]
    public async Task Plugins_are_not_for_the_daemon() => Assert.That(
        await WarningsAsync(Trust.Trusted, LogLevel.Info, ("plugin-files", "/lib/x.so")), Has.Count.EqualTo(1));

    [Test]
    public async Task Who_wants_errors_only_gets_no_warnings() =>
        Assert.That(await WarningsAsync(Trust.NotTrusted, LogLevel.Error, ("sandbox", "false")), Is.Empty);

    [Test]
    public async Task It_can_be_said_again()
    {
        using SampleStore store = new();
        await using SessionHarness harness = new(store);
        using SessionClient client = await harness.ConnectAsync();
        for (int i = 0; i < 3; i++)
            await client.AskAsync(Operation.SetOptions, (writer, _) => ClientOptionsCodec.Write(writer, new ClientOptions()));

        Assert.That(await client.IsValidPathAsync(SampleStore.Top), Is.True);
    }

    private static string Warning(string name) =>
        $"warning: ignoring the client-specified setting '{name}', because it is a restricted setting and you are not a trusted user\n";

    private static async Task<List<string>> WarningsAsync(Trust trust, LogLevel verbosity, params (string Name, string Value)[] overrides)
    {
        using SampleStore store = new()
        {
            Settings = new ConnectionSettings { Substituters = ["https://one.example"], TrustedSubstituters = ["https://two.example", "https://three.example/"] },
        };
        await using SessionHarness harness = new(store, trust);
        using SessionClient client = await harness.ConnectAsync();
        ClientOptions options = new() { Verbosity = verbosity, Overrides = overrides.ToDictionary(setting => setting.Name, setting => setting.Value) };
        await client.AskAsync(Operation.SetOptions, (writer, _) => ClientOptionsCodec.Write(writer, options));
        return [.. client.Lines];
    }
}
