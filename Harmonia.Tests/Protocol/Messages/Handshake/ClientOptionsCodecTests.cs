using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Handshake;
using Harmonia.Protocol.Messages.Stderr;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Messages.Handshake;

public sealed class ClientOptionsCodecTests
{
    [Test]
    public async Task Fields_stand_in_Nix_order()
    {
        ClientOptions options = await ReadAsync(Samples.Request(Operation.SetOptions, Contexts.Current));

        Assert.That(options, Is.EqualTo(new ClientOptions
        {
            KeepFailed = true,
            KeepGoing = false,
            TryFallback = true,
            Verbosity = LogLevel.Chatty,
            MaxBuildJobs = 16,
            MaxSilentTime = 60,
            UseBuildHook = true,
            BuildVerbosity = LogLevel.Vomit,
            BuildCores = 4,
            UseSubstitutes = true,
            Overrides = options.Overrides,
        }));
        Assert.That(options.Overrides, Is.EquivalentTo(new Dictionary<string, string> { ["cores"] = "4", ["max-jobs"] = "16" }));
    }

    [Test]
    public void Settings_are_what_a_client_sends_that_changed_nothing() =>
        Assert.That(Write(new ClientOptions()), Is.EqualTo(new WireBytes().U64(0, 0, 0, 3, 1, 0, 1, 0, 0, 0, 0, 1, 0).ToArray()));

    [Test]
    public void Changed_settings_are_written_ascending_by_name()
    {
        ClientOptions options = new() { Overrides = new Dictionary<string, string> { ["b"] = "2", ["a"] = "1" } };

        Assert.That(
            Write(options), Is.EqualTo(new WireBytes().U64(0, 0, 0, 3, 1, 0, 1, 0, 0, 0, 0, 1, 2).Text("a", "1", "b", "2").ToArray()));
    }

    [Test]
    public async Task First_of_two_values_counts()
    {
        byte[] bytes = new WireBytes().U64(0, 0, 0, 3, 1, 0, 1, 0, 0, 0, 0, 1, 2).Text("a", "1", "a", "2").ToArray();

        Assert.That((await ReadAsync(bytes)).Overrides["a"], Is.EqualTo("1"));
    }

    [Test]
    public async Task Value_that_is_not_text_does_not_end_the_connection()
    {
        byte[] bytes = new WireBytes().U64(0, 0, 0, 3, 1, 0, 1, 0, 0, 0, 0, 1, 1).Text("builders").Bytes([0xff]).ToArray();

        Assert.That((await ReadAsync(bytes)).Overrides["builders"], Is.EqualTo("\ufffd"));
    }

    private static byte[] Write(ClientOptions options) => Codec.Write(w => ClientOptionsCodec.Write(w, options));

    private static Task<ClientOptions> ReadAsync(byte[] bytes) => Codec.ReadAsync(bytes, r => ClientOptionsCodec.ReadAsync(r, default));
}
