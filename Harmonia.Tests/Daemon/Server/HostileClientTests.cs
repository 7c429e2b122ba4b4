using System.Buffers;
using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Handshake;
using Harmonia.Protocol.Messages.Queries;
using Harmonia.Protocol.Store;
using Harmonia.Protocol.Wire;
using Harmonia.Tests.Support;
using NUnit.Framework;
using static Harmonia.Tests.Daemon.SampleStore;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace Harmonia.Tests.Daemon.Server;

/// <summary>Whatever a client sends, its session ends cleanly and no other client is affected.</summary>
public sealed class HostileClientTests
{
    private SampleStore _store = null!;

    [OneTimeSetUp]
    public void Begin() => _store = new SampleStore();

    [OneTimeTearDown]
    public void End() => _store.Dispose();

    [Test]
    public async Task A_connection_may_end_after_any_byte([Values((byte)18, (byte)25, (byte)38)] byte minor)
    {
        byte[] conversation = await RecordAsync(minor);
        for (int length = 0; length < conversation.Length; length++)
            await SendAsync(conversation.AsMemory(0, length));
    }

    [FsCheck.NUnit.Property(MaxTest = 300)]
    public bool Any_bytes_may_follow_the_handshake(byte minor, byte[] bytes) =>
        SurvivesAsync(minor, bytes).GetAwaiter().GetResult();

    [FsCheck.NUnit.Property(MaxTest = 300)]
    public bool Any_bytes_may_follow_the_name_of_an_operation(byte operation, uint first, byte[] bytes)
    {
        using MemoryStream request = new();
        using WireWriter writer = new(request);
        writer.WriteUInt64(operation % 50u);
        writer.WriteUInt64(first % 300);
        writer.Write(bytes);
        writer.FlushAsync(default).AsTask().GetAwaiter().GetResult();
        return SurvivesAsync(38, request.ToArray()).GetAwaiter().GetResult();
    }

    [FsCheck.NUnit.Property(MaxTest = 200)]
    public bool Any_byte_of_a_connection_may_be_changed(int position, byte value)
    {
        byte[] conversation = RecordAsync(38).GetAwaiter().GetResult();
        conversation[(uint)position % conversation.Length] = value;
        return SendAsync(conversation).GetAwaiter().GetResult();
    }

    private async Task<bool> SurvivesAsync(byte minor, byte[] bytes)
    {
        using MemoryStream conversation = new();
        using WireWriter writer = new(conversation);
        writer.WriteUInt64(0x6e697863);
        writer.WriteUInt64(0x100u + Math.Max(minor, (byte)18));
        if (minor >= 38)
            writer.WriteUInt64(0);
        writer.WriteUInt64(0);
        writer.WriteUInt64(0);
        writer.Write(bytes);
        await writer.FlushAsync(default);
        return await SendAsync(conversation.ToArray());
    }

    /// <summary>Sends everything, disconnects, and returns true when the session has ended.</summary>
    private async Task<bool> SendAsync(ReadOnlyMemory<byte> conversation)
    {
        await using SessionHarness harness = new(_store);
        Task reading = harness.FromDaemon.CopyToAsync(Stream.Null);
        await harness.ToDaemon.WriteAsync(conversation);
        await harness.ToDaemon.DisposeAsync();
        await harness.Ended;
        await reading.InTime();
        Assert.That(harness.Log.Entries.Where(entry => entry.Level == LogLevel.Error), Is.Empty);
        return true;
    }

    /// <summary>The bytes of a client that sends a request of each kind.</summary>
    private static async Task<byte[]> RecordAsync(byte minor)
    {
        using MemoryStream conversation = new();
        using WireWriter writer = new(conversation);
        MessageContext context = new() { StoreDirectory = StoreDirectory.Default, Version = new ProtocolVersion(1, minor) };
        writer.WriteUInt64(0x6e697863);
        writer.WriteUInt64(context.Version.ToWire());
        if (minor >= 38)
            writer.WriteUInt64(0);
        writer.WriteUInt64(0);
        writer.WriteUInt64(0);
        writer.WriteUInt64((uint)Operation.SetOptions);
        ClientOptionsCodec.Write(writer, new ClientOptions { Overrides = new Dictionary<string, string> { ["cores"] = "2" } });
        writer.WriteUInt64((uint)Operation.QueryPathInfo);
        StorePathCodec.Write(writer, context, Top);
        writer.WriteUInt64((uint)Operation.QueryValidPaths);
        QueryValidPathsRequestCodec.Write(writer, context, new QueryValidPathsRequest { Paths = [Top, Missing] });
        writer.WriteUInt64((uint)Operation.QueryMissing);
        DerivedPathCodec.WriteList(writer, context, [new DerivedPath.Built(new DerivedPath.Opaque(TopDerivation), OutputsSpec.All)]);
        writer.WriteUInt64((uint)Operation.NarFromPath);
        StorePathCodec.Write(writer, context, Top);
        writer.WriteUInt64((uint)Operation.QueryAllValidPaths);
        await writer.FlushAsync(default);
        return conversation.ToArray();
    }
}
