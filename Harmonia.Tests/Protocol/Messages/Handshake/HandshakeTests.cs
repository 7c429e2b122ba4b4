using System.IO.Pipelines;
using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Handshake;
using Harmonia.Protocol.Messages.Stderr;
using Harmonia.Protocol.Wire;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Messages.Handshake;

public sealed class HandshakeTests
{
    private const ulong ClientMagic = 0x6e697863;
    private const ulong ServerMagic = 0x6478696f;
    private const ulong Last = 0x616c7473;

    private static readonly ServerHandshakeOptions Server = new() { NixVersion = "2.34.8", Trust = Trust.NotTrusted };

    // The bytes that a real Nix 2.34.8 sends after its magic and version.
    private static IEnumerable<TestCaseData> ServerBytes =>
    [
        new(0x112UL, new WireBytes().U64(Last).ToArray()),
        new(0x120UL, new WireBytes().U64(Last).ToArray()),
        new(0x121UL, new WireBytes().Text("2.34.8").U64(Last).ToArray()),
        new(0x123UL, new WireBytes().Text("2.34.8").U64(2, Last).ToArray()),
        new(0x125UL, new WireBytes().Text("2.34.8").U64(2, Last).ToArray()),
    ];

    [TestCaseSource(nameof(ServerBytes))]
    public async Task Server_sends_what_the_clients_version_has(ulong clientVersion, byte[] expected)
    {
        byte[] client = new WireBytes().U64(ClientMagic, clientVersion, 0, 0).ToArray();

        (HandshakeResult result, byte[] sent) = await ServeAsync(client, Server);

        Assert.That(sent, Is.EqualTo(new WireBytes().U64(ServerMagic, 0x126).Raw(expected).ToArray()));
        Assert.That(result.Version.ToWire(), Is.EqualTo(clientVersion));
        Assert.That(result.PeerVersion.ToWire(), Is.EqualTo(clientVersion));
    }

    [Test]
    public async Task Features_are_exchanged_since_138()
    {
        byte[] client = new WireBytes().U64(ClientMagic, 0x17b, 4).Text("aap", "bar", "mies", "xyzzy").U64(0, 0).ToArray();

        (HandshakeResult result, byte[] sent) =
            await ServeAsync(client, Server with { Features = new FeatureSet(["xyzzy", "foo", "bar"]) });

        Assert.That(sent, Is.EqualTo(new WireBytes()
            .U64(ServerMagic, 0x126, 3).Text("bar", "foo", "xyzzy", "2.34.8").U64(2, Last).ToArray()));
        Assert.That(result.Version, Is.EqualTo(ProtocolVersion.Current));
        Assert.That(result.Features.Names, Is.EqualTo(["bar", "xyzzy"]));
        Assert.That(result.PeerVersion, Is.EqualTo(new ProtocolVersion(1, 0x7b)));
    }

    [Test]
    public async Task Obsolete_CPU_is_read_and_forgotten()
    {
        byte[] client = new WireBytes().U64(ClientMagic, 0x115, 1, 3, 1).ToArray();

        (HandshakeResult result, byte[] _) = await ServeAsync(client, Server);

        Assert.That(result.Version, Is.EqualTo(new ProtocolVersion(1, 21)));
    }

    [Test]
    public async Task Refusal_is_an_error_at_the_end()
    {
        RemoteError refusal = new() { Message = "no store" };
        byte[] recent = new WireBytes().U64(ClientMagic, 0x122, 0, 0).ToArray();
        byte[] old = new WireBytes().U64(ClientMagic, 0x115, 0, 0).ToArray();

        (HandshakeResult _, byte[] toRecent) = await ServeAsync(recent, Server with { Refusal = refusal });
        (HandshakeResult _, byte[] toOld) = await ServeAsync(old, Server with { Refusal = refusal });

        Assert.That(toRecent, Is.EqualTo(new WireBytes()
            .U64(ServerMagic, 0x126).Text("2.34.8").U64(0x63787470).Text("Error").U64(0).Text("Error", "no store").U64(0, 0).ToArray()));
        Assert.That(toOld, Is.EqualTo(new WireBytes().U64(ServerMagic, 0x126, 0x63787470).Text("no store").U64(1).ToArray()));
    }

    [TestCase(0x111UL)]
    [TestCase(0x26UL)]
    public void Client_that_is_too_old_is_left_without_an_answer(ulong version)
    {
        using MemoryStream sent = new();
        using WireReader reader = new(new MemoryStream(new WireBytes().U64(ClientMagic, version, 0, 0).ToArray()));
        using WireWriter writer = new(sent);

        Assert.That(
            async () => await ServerHandshake.RunAsync(reader, writer, Server, default),
            Throws.TypeOf<ProtocolVersionException>().With.Property("Version").EqualTo(ProtocolVersion.FromWire((uint)version)));
        Assert.That(sent.ToArray(), Is.EqualTo(new WireBytes().U64(ServerMagic, 0x126).ToArray()));
    }

    [Test]
    public void Peer_that_speaks_something_else_gets_no_byte()
    {
        using MemoryStream sent = new();
        using WireReader reader = new(new MemoryStream("GET / HTTP/1.1\r\n\r\n"u8.ToArray()));
        using WireWriter writer = new(sent);

        Assert.That(async () => await ServerHandshake.RunAsync(reader, writer, Server, default), Throws.TypeOf<WireException>());
        Assert.That(sent.Length, Is.Zero);
    }

    [Test]
    public async Task Server_answers_the_clients_first_eight_bytes()
    {
        // Clients before Nix 2.23 wait for it before they send their version.
        Pipe toServer = new();
        Pipe toClient = new();
        using WireReader reader = new(toServer.Reader.AsStream());
        using WireWriter writer = new(toClient.Writer.AsStream());
        using WireReader client = new(toClient.Reader.AsStream());
        Task<HandshakeResult> serving = ServerHandshake.RunAsync(reader, writer, Server, default);

        await toServer.Writer.WriteAsync(new WireBytes().U64(ClientMagic).ToArray());

        Assert.That(await client.ReadUInt64Async(default), Is.EqualTo(ServerMagic));
        Assert.That(await client.ReadUInt64Async(default), Is.EqualTo(0x126));
        await toServer.Writer.WriteAsync(new WireBytes().U64(0x115, 0, 0).ToArray());
        Assert.That((await serving).Version.Minor, Is.EqualTo(21));
    }

    [Test]
    public async Task Client_and_server_agree_on_the_older_version(
        [Values(18, 20, 21, 32, 33, 34, 35, 37, 38)] byte client, [Values(18, 21, 34, 38)] byte server)
    {
        FeatureSet features = new([ProtocolFeatures.RealisationWithPathNotHash]);
        (HandshakeResult Client, HandshakeResult Server) results = await MeetAsync(
            new ClientHandshakeOptions { Version = new ProtocolVersion(1, client), Features = features },
            Server with { Version = new ProtocolVersion(1, server), Features = features, Trust = Trust.Trusted });

        byte minor = Math.Min(client, server);
        foreach (HandshakeResult result in (HandshakeResult[])[results.Client, results.Server])
        {
            Assert.That(result.Version, Is.EqualTo(new ProtocolVersion(1, minor)));
            Assert.That(result.Features.Names, Has.Count.EqualTo(minor == 38 ? 1 : 0));
            Assert.That(result.NixVersion, Is.EqualTo(minor >= 33 ? "2.34.8" : null));
        }

        Assert.That(results.Client.Trust, Is.EqualTo(minor >= 35 ? Trust.Trusted : Trust.Unknown));
        Assert.That(results.Client.PeerVersion.Minor, Is.EqualTo(server));
        Assert.That(results.Server.PeerVersion.Minor, Is.EqualTo(client));
    }

    [Test]
    public void Client_reports_why_it_was_refused([Values(21, 38)] byte minor) => Assert.That(
        async () => await MeetAsync(
            new ClientHandshakeOptions { Version = new ProtocolVersion(1, minor) },
            Server with { Refusal = new RemoteError { Message = "no store" } }),
        Throws.TypeOf<RemoteErrorException>().With.Message.EqualTo("no store"));

    [TestCase(0x10aUL)]
    [TestCase(0x111UL)]
    [TestCase(0x226UL)]
    public void Client_refuses_servers_it_does_not_know(ulong version) => Assert.That(
        async () => await ConnectAsync(new WireBytes().U64(ServerMagic, version, Last).ToArray()),
        Throws.TypeOf<ProtocolVersionException>());

    [Test]
    public void Client_refuses_what_is_not_a_server() => Assert.That(
        async () => await ConnectAsync(new WireBytes().U64(ClientMagic, 0x126).ToArray()), Throws.TypeOf<WireException>());

    [Test]
    public async Task Log_lines_in_the_handshake_are_passed_over()
    {
        byte[] server = new WireBytes().U64(ServerMagic, 0x120, 0x6f6c6d67).Text("warning: something\n").U64(Last).ToArray();

        Assert.That((await ConnectAsync(server)).Version.Minor, Is.EqualTo(32));
    }

    [Test]
    public void Server_that_wants_data_in_the_handshake_is_refused() => Assert.That(
        async () => await ConnectAsync(new WireBytes().U64(ServerMagic, 0x120, 0x64617461, 10).ToArray()), Throws.TypeOf<WireException>());

    [Test]
    public void Trust_that_is_none_of_the_three_is_refused() => Assert.That(
        async () => await ConnectAsync(new WireBytes().U64(ServerMagic, 0x123).Text("2.34.8").U64(3, Last).ToArray()),
        Throws.TypeOf<WireException>());

    [Test]
    public void Handshake_that_ends_too_early_is_a_broken_protocol()
    {
        byte[] server = new WireBytes().U64(ServerMagic, 0x126, 1).Text("bar", "2.34.8").U64(2, Last).ToArray();
        byte[] client = new WireBytes().U64(ClientMagic, 0x126, 1).Text("bar").U64(0, 0).ToArray();

        for (int length = 0; length < server.Length; length++)
            Assert.That(async () => await ConnectAsync(server[..length]), Throws.TypeOf<WireException>(), $"server, {length}");
        for (int length = 0; length < client.Length; length++)
            Assert.That(async () => await ServeAsync(client[..length], Server), Throws.TypeOf<WireException>(), $"client, {length}");
    }

    [FsCheck.NUnit.Property]
    public bool Arbitrary_bytes_never_fail_in_another_way(byte[] bytes, ushort version)
    {
        byte[] server = new WireBytes().U64(ServerMagic, version).Raw(bytes).ToArray();
        byte[] client = new WireBytes().U64(ClientMagic, version).Raw(bytes).ToArray();
        return new[] { server, bytes }.All(input => EndsWell(() => ConnectAsync(input)))
            && new[] { client, bytes }.All(input => EndsWell(() => ServeAsync(input, Server)));
    }

    private static bool EndsWell(Func<Task> handshake)
    {
        try
        {
            handshake().GetAwaiter().GetResult();
            return true;
        }
        catch (Exception exception) when (exception is WireException or ProtocolVersionException or RemoteErrorException)
        {
            return true;
        }
    }

    private static async Task<HandshakeResult> ConnectAsync(byte[] fromServer)
    {
        using WireReader reader = new(new MemoryStream(fromServer));
        using WireWriter writer = new(Stream.Null);
        return await ClientHandshake.RunAsync(reader, writer, new ClientHandshakeOptions(), default);
    }

    private static async Task<(HandshakeResult Result, byte[] Sent)> ServeAsync(byte[] fromClient, ServerHandshakeOptions options)
    {
        using MemoryStream sent = new();
        using WireReader reader = new(new MemoryStream(fromClient));
        using WireWriter writer = new(sent);
        HandshakeResult result = await ServerHandshake.RunAsync(reader, writer, options, default);
        Assert.That(await reader.WaitForDataAsync(default), Is.False);
        return (result, sent.ToArray());
    }

    private static async Task<(HandshakeResult Client, HandshakeResult Server)> MeetAsync(
        ClientHandshakeOptions clientOptions, ServerHandshakeOptions serverOptions)
    {
        Pipe toServer = new();
        Pipe toClient = new();
        using WireReader clientReader = new(toClient.Reader.AsStream());
        using WireWriter clientWriter = new(toServer.Writer.AsStream());
        using WireReader serverReader = new(toServer.Reader.AsStream());
        using WireWriter serverWriter = new(toClient.Writer.AsStream());
        Task<HandshakeResult> client = ClientHandshake.RunAsync(clientReader, clientWriter, clientOptions, default);
        Task<HandshakeResult> server = ServerHandshake.RunAsync(serverReader, serverWriter, serverOptions, default);
        return (await client, await server);
    }
}
