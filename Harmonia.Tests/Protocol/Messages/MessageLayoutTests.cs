using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Wire;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Messages;

/// <summary>All requests and replies in all versions and with all features, compared with bytes that were written by hand.</summary>
public sealed class MessageLayoutTests
{
    [Test]
    public async Task Request_has_the_documented_layout_in_every_version([Values] Operation operation)
    {
        foreach (MessageContext context in Contexts.All)
            await CheckAsync(Requests.Of(operation), Samples.Request(operation, context), context);
    }

    [Test]
    public async Task Reply_has_the_documented_layout_in_every_version(
        [ValueSource(typeof(Replies), nameof(Replies.Operations))] Operation operation)
    {
        foreach (MessageContext context in Contexts.All)
            await CheckAsync(Replies.Of(operation), Samples.Reply(operation, context), context);
    }

    private static async Task CheckAsync(Transcode transcode, byte[] bytes, MessageContext context)
    {
        using WireReader reader = new(new MemoryStream(bytes));
        using MemoryStream stream = new();
        using WireWriter writer = new(stream);

        await transcode(reader, writer, context);
        await writer.FlushAsync(default);

        Assert.That(await reader.WaitForDataAsync(default), Is.False, $"{context.Version} {context.Features}: bytes are left over");
        Assert.That(stream.ToArray(), Is.EqualTo(bytes), $"{context.Version} {context.Features}");
    }
}
