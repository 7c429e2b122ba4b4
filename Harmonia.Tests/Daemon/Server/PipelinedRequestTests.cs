using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Adding;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;
using static Harmonia.Tests.Daemon.SampleStore;

namespace Harmonia.Tests.Daemon.Server;

/// <summary>Clients that send requests before they have read the replies to earlier ones.</summary>
public sealed class PipelinedRequestTests
{
    private const string Signature = "other-1:zHqk2IjhGO0PZ8g3+3eZ1XaoJsHwR0JYGpJ0l6kZ3VwjTVkJmW4V5F0f0cYFq3pYx1m1k7E8J6eRrGJ0wqkYBQ==";

    private SampleStore _store = null!;
    private SessionHarness _harness = null!;
    private SessionClient _client = null!;

    [SetUp]
    public async Task BeginAsync()
    {
        _store = new SampleStore();
        _harness = new SessionHarness(_store);
        _client = await _harness.ConnectAsync();
    }

    [TearDown]
    public async Task EndAsync()
    {
        _client.Dispose();
        await _harness.DisposeAsync();
        _store.Dispose();
    }

    [Test]
    public async Task Answers_come_in_the_order_of_the_requests()
    {
        StorePath[] asked = [Top, Missing, Library, Top, TopDerivation];
        foreach (StorePath path in asked)
            Ask(path);
        await _client.Writer.FlushAsync(default);

        foreach (StorePath path in asked)
            Assert.That(await ReadInfoAsync() is not null, Is.EqualTo(path != Missing), path.BaseName);
    }

    [Test]
    public async Task An_answer_does_not_wait_for_the_rest_of_the_next_request()
    {
        Ask(Top);
        _client.Writer.WriteUInt64((uint)Operation.QueryPathInfo);
        await _client.Writer.FlushAsync(default);

        Assert.That(await ReadInfoAsync(), Is.Not.Null);

        StorePathCodec.Write(_client.Writer, _client.Context, Library);
        await _client.Writer.FlushAsync(default);
        Assert.That(await ReadInfoAsync(), Is.Not.Null);
    }

    [Test]
    public async Task A_question_after_a_change_in_the_same_batch_sees_the_change()
    {
        Ask(Library);
        _client.Writer.WriteUInt64((uint)Operation.AddSignatures);
        AddSignaturesRequestCodec.Write(_client.Writer, _client.Context, new AddSignaturesRequest(Library, [Signature]));
        Ask(Library);
        await _client.Writer.FlushAsync(default);

        Assert.That((await ReadInfoAsync())!.Signatures, Does.Not.Contain(Signature));
        await _client.ReadVerdictAsync();
        Assert.That(await _client.Reader.ReadUInt64Async(default), Is.EqualTo(1));
        Assert.That((await ReadInfoAsync())!.Signatures, Does.Contain(Signature));
    }

    [Test]
    public async Task A_cached_answer_is_not_used_after_another_process_has_changed_the_store()
    {
        Assert.That((await AskAndReadAsync(Library))!.NarSize, Is.Not.EqualTo(4711));
        _store.Execute($"update ValidPaths set narSize = 4711 where path = '{Print(Library)}'");
        Assert.That((await AskAndReadAsync(Library))!.NarSize, Is.EqualTo(4711));

        _store.Execute($"delete from Refs", $"delete from ValidPaths where path = '{Print(Library)}'");
        Assert.That(await AskAndReadAsync(Library), Is.Null);
    }

    private void Ask(StorePath path)
    {
        _client.Writer.WriteUInt64((uint)Operation.QueryPathInfo);
        StorePathCodec.Write(_client.Writer, _client.Context, path);
    }

    private async Task<UnkeyedValidPathInfo?> AskAndReadAsync(StorePath path)
    {
        Ask(path);
        await _client.Writer.FlushAsync(default);
        return await ReadInfoAsync();
    }

    private async Task<UnkeyedValidPathInfo?> ReadInfoAsync()
    {
        await _client.ReadVerdictAsync().InTime();
        return await UnkeyedValidPathInfoCodec.ReadOptionalAsync(_client.Reader, _client.Context, default).AsTask().InTime();
    }
}
