using Harmonia.Cache.Hosting;
using Harmonia.Tests.Support;
using Microsoft.AspNetCore.Connections;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Hosting;

public sealed class HandshakeLimitTests
{
    [Test]
    public async Task One_too_many_waits_until_another_has_shaken_hands()
    {
        HandshakeLimit limit = new(1);
        Handshake first = new(limit);
        Handshake second = new(limit);
        Assert.That((first.HasBegun, second.HasBegun), Is.EqualTo((true, false)));

        first.Finish();
        await second.Began.InTime();

        Assert.That(first.Ended.IsCompleted, Is.False, "Its connection goes on.");
        first.Close();
        second.Finish();
        second.Close();
        await Task.WhenAll(first.Ended, second.Ended).InTime();
    }

    [Test]
    public async Task A_handshake_that_fails_makes_room_too()
    {
        HandshakeLimit limit = new(1);
        Handshake first = new(limit);
        Handshake second = new(limit);

        first.Fail();

        await second.Began.InTime();
        Assert.That(async () => await first.Ended.InTime(), Throws.InstanceOf<IOException>());
    }

    [Test]
    public void Zero_is_no_limit()
    {
        HandshakeLimit limit = new(0);

        Assert.That(new Handshake(limit).HasBegun && new Handshake(limit).HasBegun);
    }

    // A connection that stays in the middle of the TLS handshake until the test says how it ends.
    private sealed class Handshake
    {
        private readonly TaskCompletionSource _began = new();
        private readonly TaskCompletionSource _shaken = new();
        private readonly TaskCompletionSource _closed = new();

        public Handshake(HandshakeLimit limit) => Ended = limit.Enter(async connection =>
        {
            _began.SetResult();
            await _shaken.Task;
            await HandshakeLimit.Leave(_ => _closed.Task)(connection);
        })(new DefaultConnectionContext());

        public bool HasBegun => _began.Task.IsCompleted;

        public Task Began => _began.Task;

        public Task Ended { get; }

        public void Finish() => _shaken.SetResult();

        public void Fail() => _shaken.SetException(new IOException("no handshake"));

        public void Close() => _closed.SetResult();
    }
}
