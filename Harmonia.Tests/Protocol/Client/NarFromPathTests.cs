using Harmonia.Protocol.Client;
using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Stderr;
using Harmonia.Protocol.Store;
using Harmonia.Protocol.Wire;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Client;

public sealed class NarFromPathTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly StorePath Path = FakeStore.PathOf(FakeStore.Hash(1));

    [Test]
    public async Task A_nar_is_copied_to_its_end_and_the_connection_goes_on([Values(0, 1, 7, 8, 100_000, 1_000_000)] int fileSize)
    {
        byte[] nar = NarOfFile(fileSize);
        await using FakeDaemon daemon = Sending(nar);
        using DaemonClient client = await daemon.Connector().ConnectAsync(None);
        using MemoryStream copy = new();

        CopiedNar copied = await client.NarFromPathAsync(Path, copy, None);

        Assert.That(copy.ToArray(), Is.EqualTo(nar));
        Assert.That(copied, Is.EqualTo(new CopiedNar(NarHash.Of(nar), nar.Length)));
        Assert.That(await client.IsValidPathAsync(Path, None));
    }

    [Test]
    public async Task A_nar_that_comes_in_small_pieces_is_copied_to_its_end()
    {
        byte[] nar = NarOfFile(5000);
        await using FakeDaemon daemon = Sending(nar, dribble: true);
        using DaemonClient client = await daemon.Connector().ConnectAsync(None);
        using MemoryStream copy = new();

        await client.NarFromPathAsync(Path, copy, None);

        Assert.That(copy.ToArray(), Is.EqualTo(nar));
        Assert.That(client.IsInStep);
    }

    [Test]
    public async Task Bytes_that_are_no_nar_break_the_connection()
    {
        byte[] nar = NarOfFile(100);
        nar[8] = (byte)'N';
        await using FakeDaemon daemon = Sending(nar);
        using DaemonClient client = await daemon.Connector().ConnectAsync(None);

        Assert.That(() => client.NarFromPathAsync(Path, Stream.Null, None), Throws.TypeOf<WireException>());
        Assert.That(client.IsInStep, Is.False);
    }

    [Test]
    public async Task Bytes_after_a_nar_break_the_connection()
    {
        await using FakeDaemon daemon = Sending([.. NarOfFile(100), 0]);
        using DaemonClient client = await daemon.Connector().ConnectAsync(None);

        Assert.That(() => client.NarFromPathAsync(Path, Stream.Null, None), Throws.TypeOf<WireException>());
        Assert.That(client.IsInStep, Is.False);
    }

    [Test]
    public async Task A_nar_that_ends_too_early_is_an_error()
    {
        await using FakeDaemon daemon = Sending(NarOfFile(100)[..^8], thenClose: true);
        using DaemonClient client = await daemon.Connector().ConnectAsync(None);

        Assert.That(() => client.NarFromPathAsync(Path, Stream.Null, None), Throws.TypeOf<WireException>());
        Assert.That(client.IsInStep, Is.False);
    }

    [Test]
    public async Task An_error_in_the_place_of_a_nar_is_told_and_nothing_copied([Values] bool afterMagic)
    {
        await using FakeDaemon daemon = FakeDaemon.Started(async (session, token) =>
        {
            await session.ReadOperationAsync(token);
            await session.ReadPathAsync(token);
            session.SayLast();
            if (afterMagic)
                session.Writer.WriteString("nix-archive-1");
            await session.SayNoAsync("path is not valid", token);
        });
        using DaemonClient client = await daemon.Connector().ConnectAsync(None);
        using MemoryStream copy = new();

        Assert.That(
            () => client.NarFromPathAsync(Path, copy, None), Throws.TypeOf<RemoteErrorException>().With.Message.EqualTo("path is not valid"));
        Assert.That(copy.Length, Is.Zero);
        Assert.That(client.IsInStep, Is.False);
    }

    [Test]
    public async Task A_destination_that_fails_ends_the_connection_and_is_not_written_to_again()
    {
        await using FakeDaemon daemon = Sending(NarOfFile(100));
        await using DaemonPool pool = daemon.Pool(1);
        await pool.RunAsync((client, token) => client.IsValidPathAsync(Path, token), None);
        using MemoryStream full = new(new byte[50]);

        Assert.That(
            () => pool.RunAsync((client, token) => client.NarFromPathAsync(Path, full, token), None), Throws.TypeOf<NotSupportedException>());
        Assert.That(await pool.RunAsync((client, token) => client.IsValidPathAsync(Path, token), None));
        Assert.That(daemon.Accepted, Is.EqualTo(2));
    }

    private static FakeDaemon Sending(byte[] nar, bool dribble = false, bool thenClose = false) =>
        FakeDaemon.Started(async (session, token) =>
        {
            if (dribble)
                session.Output = new DribblingStream(session.Output, new Random(1));
            while (await session.ReadOperationAsync(token) is { } operation)
            {
                if (operation == Operation.NarFromPath)
                {
                    await session.ReadPathAsync(token);
                    session.SayLast();
                    session.Writer.WriteRaw(nar);
                }
                else
                {
                    await FakeStore.AnswerAsync(session, operation, token);
                }

                await session.Writer.FlushAsync(token);
                if (thenClose)
                    return;
            }
        });

    private static byte[] NarOfFile(int size)
    {
        using MemoryStream nar = new();
        using WireWriter writer = new(nar);
        byte[] contents = new byte[size];
        new Random(size).NextBytes(contents);
        foreach (string tag in (string[])["nix-archive-1", "(", "type", "regular", "contents"])
            writer.WriteString(tag);
        writer.WriteBytes(contents);
        writer.WriteString(")");
        writer.FlushAsync(None).AsTask().Wait();
        return nar.ToArray();
    }
}
