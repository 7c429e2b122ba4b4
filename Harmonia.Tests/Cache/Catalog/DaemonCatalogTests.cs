using System.Collections.Concurrent;
using Harmonia.Cache.Catalog;
using Harmonia.Cache.Http;
using Harmonia.Protocol.Client;
using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Handshake;
using Harmonia.Protocol.Messages.Stderr;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace Harmonia.Tests.Cache.Catalog;

public sealed class DaemonCatalogTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly FakeTime _time = new();
    private CapturedLog _log = null!;

    [SetUp]
    public void StartLog() => _log = new CapturedLog();

    [TearDown]
    public void EndLog() => _log.Dispose();

    [Test]
    public async Task A_path_is_found_by_its_hash_part()
    {
        await using FakeDaemon daemon = FakeDaemon.Started();
        await using DaemonCatalog catalog = Catalog(daemon);

        ValidPathInfo? found = await catalog.FindAsync(FakeStore.Hash(7), None);

        StorePath expected = FakeStore.PathOf(FakeStore.Hash(7));
        Assert.That(found, Is.EqualTo(new ValidPathInfo { Path = expected, Info = FakeStore.InfoOf(expected) }));
        Assert.That(await catalog.CheckAsync(None), Is.EqualTo(CatalogState.Ready));
        Assert.That(daemon.Accepted, Is.EqualTo(1));
        Assert.That(_log.Entries, Is.Empty);
    }

    [Test]
    public async Task Referrers_are_counted_and_the_first_are_named()
    {
        await using FakeDaemon daemon = FakeDaemon.Started();
        await using DaemonCatalog catalog = Catalog(daemon);
        StorePath path = FakeStore.PathOf(FakeStore.Hash(7));

        FirstPaths referrers = await catalog.FindReferrersAsync(path, 2, None);

        Assert.That(referrers.Count, Is.EqualTo(3));
        Assert.That(referrers.Paths, Is.EqualTo(FakeStore.ReferrersOf(path).Take(2)));
        Assert.That((await catalog.FindAsync(FakeStore.Hash(7), None))?.Path, Is.EqualTo(path));
        Assert.That(daemon.Accepted, Is.EqualTo(1), "What was not kept was read, too.");
    }

    [Test]
    public async Task A_harmonia_daemon_is_asked_once_for_each_path_or_for_several()
    {
        ConcurrentQueue<Operation> asked = new();
        await using FakeDaemon daemon = new(async (session, cancellationToken) =>
        {
            while (await session.ReadOperationAsync(cancellationToken) is { } operation)
            {
                asked.Enqueue(operation);
                await FakeStore.AnswerAsync(session, operation, cancellationToken);
                await session.Writer.FlushAsync(cancellationToken);
            }
        })
        {
            Handshake = FakeDaemon.Harmonia,
        };
        daemon.Start();
        await using DaemonCatalog catalog = Catalog(daemon);

        ValidPathInfo? first = await catalog.FindAsync(FakeStore.Hash(7), None);
        ValidPathInfo?[] others = await Task.WhenAll(Enumerable.Range(10, 50).Select(number => catalog.FindAsync(FakeStore.Hash(number), None).AsTask()));

        Assert.That(first!.Path, Is.EqualTo(FakeStore.PathOf(FakeStore.Hash(7))));
        Assert.That(others.Select(path => path!.Path.Hash), Is.EqualTo(Enumerable.Range(10, 50).Select(FakeStore.Hash)));
        Assert.That(asked, Has.All.EqualTo(Operation.QueryPathInfosByHashPart));
        Assert.That(asked, Has.Count.AtMost(51));
    }

    [Test]
    public async Task A_daemon_of_Nix_in_the_place_of_ours_is_asked_in_its_own_way()
    {
        ServerHandshakeOptions handshake = new() { NixVersion = "2.34.8", Trust = Trust.NotTrusted };
        await using FakeDaemon daemon = new(async (session, cancellationToken) =>
        {
            await session.ShakeHandsAsync(session.Number == 0 ? FakeDaemon.Harmonia : handshake, cancellationToken);
            await FakeStore.ServeAsync(session, cancellationToken);
        })
        {
            Handshake = null,
        };
        daemon.Start();
        await using DaemonCatalog catalog = Catalog(daemon);
        Assert.That(await catalog.FindAsync(FakeStore.Hash(1), None), Is.Not.Null);

        await daemon.KillAsync();
        daemon.Start();

        Assert.That((await catalog.FindAsync(FakeStore.Hash(2), None))!.Path, Is.EqualTo(FakeStore.PathOf(FakeStore.Hash(2))));
        Assert.That((await catalog.FindAsync(FakeStore.Hash(3), None))!.Path, Is.EqualTo(FakeStore.PathOf(FakeStore.Hash(3))));
        Assert.That(daemon.Accepted, Is.EqualTo(2));
    }

    [Test]
    public async Task An_unknown_hash_part_is_null()
    {
        await using FakeDaemon daemon = FakeDaemon.Started(Answer(Operation.QueryPathFromHashPart, session =>
        {
            session.SayLast();
            StorePathCodec.WriteOptional(session.Writer, session.Context, null);
        }));
        await using DaemonCatalog catalog = Catalog(daemon);

        Assert.That(await catalog.FindAsync(FakeStore.Hash(7), None), Is.Null);
    }

    [Test]
    public async Task A_path_that_is_collected_between_both_questions_is_null()
    {
        await using FakeDaemon daemon = FakeDaemon.Started(Answer(Operation.QueryPathInfo, session =>
        {
            session.SayLast();
            UnkeyedValidPathInfoCodec.WriteOptional(session.Writer, session.Context, null);
        }));
        await using DaemonCatalog catalog = Catalog(daemon);

        Assert.That(await catalog.FindAsync(FakeStore.Hash(7), None), Is.Null);
    }

    [Test]
    public async Task A_daemon_that_is_back_is_used_again_and_the_log_has_one_line_for_each_change()
    {
        await using FakeDaemon daemon = new();
        await using DaemonCatalog catalog = Catalog(daemon);

        for (int n = 0; n < 3; n++)
            Assert.That(async () => await catalog.FindAsync(FakeStore.Hash(n), None), Throws.InstanceOf<DaemonUnavailableException>());
        Assert.That(await catalog.CheckAsync(None), Is.EqualTo(CatalogState.Unreachable));
        daemon.Start();
        Assert.That(await catalog.FindAsync(FakeStore.Hash(1), None), Is.Not.Null);
        Assert.That(await catalog.CheckAsync(None), Is.EqualTo(CatalogState.Ready));

        Assert.That(_log.Entries.Select(entry => (entry.Level, entry.EventId)), Is.EqualTo(
            new[] { (LogLevel.Warning, 110), (LogLevel.Information, 111) }));
        Assert.That(_log.Entries.First().Message, Does.Contain(daemon.SocketPath));
    }

    [Test]
    public async Task A_daemon_that_refuses_this_user_is_an_error_in_the_log_that_names_him()
    {
        await using FakeDaemon daemon = new((_, _) => Task.CompletedTask) { Handshake = null };
        daemon.Start();
        await using DaemonCatalog catalog = Catalog(daemon);

        Assert.That(async () => await catalog.FindAsync(FakeStore.Hash(1), None), Throws.TypeOf<DaemonRefusedException>());
        Assert.That(await catalog.CheckAsync(None), Is.EqualTo(CatalogState.Refusing));

        CapturedLogEntry entry = _log.Entries.Single();
        Assert.That((entry.Level, entry.EventId), Is.EqualTo((LogLevel.Error, 113)));
        Assert.That(entry.Message, Does.Contain($"user {Environment.UserName};").And.Contain("allowed-users").And.Contain(daemon.SocketPath));
    }

    [Test]
    public async Task A_daemon_that_is_restarted_is_noticed_by_no_client()
    {
        await using FakeDaemon daemon = FakeDaemon.Started();
        await using DaemonCatalog catalog = Catalog(daemon);
        await catalog.FindAsync(FakeStore.Hash(1), None);

        await daemon.KillAsync();
        daemon.Start();

        Assert.That(await catalog.FindAsync(FakeStore.Hash(2), None), Is.Not.Null);
        Assert.That(_log.Entries, Is.Empty);
    }

    [Test]
    public async Task A_lookup_that_is_not_answered_is_given_up_after_a_while()
    {
        await using FakeDaemon daemon = FakeDaemon.Started(AnswerBut(Operation.QueryPathFromHashPart));
        await using DaemonCatalog catalog = Catalog(daemon);
        await catalog.CheckAsync(None);

        Task<ValidPathInfo?> lookup = catalog.FindAsync(FakeStore.Hash(1), None).AsTask();
        await MoveUntilDoneAsync(lookup);

        Assert.That(async () => await lookup, Throws.TypeOf<TimeoutException>());
        Assert.That(_log.Entries.Single().EventId, Is.EqualTo(110));
    }

    [Test]
    public async Task A_check_that_is_not_answered_says_so_after_a_while()
    {
        await using FakeDaemon daemon = FakeDaemon.Started(AnswerBut(Operation.IsValidPath));
        await using DaemonCatalog catalog = Catalog(daemon);
        await catalog.FindAsync(FakeStore.Hash(1), None);

        Task<CatalogState> check = catalog.CheckAsync(None).AsTask();
        await MoveUntilDoneAsync(check);

        Assert.That(await check, Is.EqualTo(CatalogState.Silent));
    }

    [Test]
    public async Task A_daemon_that_breaks_off_in_a_reply_is_503_and_never_the_404_of_a_missing_file()
    {
        await using FakeDaemon daemon = FakeDaemon.Started(async (session, token) =>
        {
            await session.ReadOperationAsync(token);
            await session.ReadHashPartAsync(token);
            session.SayLast();
            session.Writer.WriteUInt64(40);
            await session.Writer.FlushAsync(token);
        });
        await using DaemonCatalog catalog = Catalog(daemon);

        Exception exception = (await Assert.CatchAsync(async () => await catalog.FindAsync(FakeStore.Hash(1), None)))!;

        Assert.That(ErrorStatus.For(exception).Status, Is.EqualTo(503));
    }

    [Test]
    public async Task An_error_of_the_daemon_is_passed_on_and_makes_the_cache_not_ready()
    {
        await using FakeDaemon daemon = FakeDaemon.Started((session, token) => RefuseAsync(session, "database is locked", token));
        await using DaemonCatalog catalog = Catalog(daemon);

        Assert.That(
            async () => await catalog.FindAsync(FakeStore.Hash(1), None),
            Throws.TypeOf<RemoteErrorException>().With.Message.EqualTo("database is locked"));
        Assert.That(await catalog.CheckAsync(None), Is.EqualTo(CatalogState.Failing));
    }

    [Test]
    public async Task A_daemon_that_refuses_the_paths_of_our_store_directory_is_an_error_in_the_log()
    {
        await using FakeDaemon daemon = FakeDaemon.Started(
            (session, token) => RefuseAsync(session, "path '/gnu/store/x' is not in the Nix store", token));
        await using DaemonCatalog catalog = Catalog(daemon, "/gnu/store");

        Assert.That(await catalog.CheckAsync(None), Is.EqualTo(CatalogState.OtherStoreDirectory));

        AssertOtherStoreIsLogged();
    }

    [Test]
    public async Task A_daemon_that_answers_with_paths_of_another_store_directory_is_an_error_in_the_log()
    {
        await using FakeDaemon daemon = FakeDaemon.Started();
        await using DaemonCatalog catalog = Catalog(daemon, "/gnu/store");

        Exception exception = (await Assert.CatchAsync(async () => await catalog.FindAsync(FakeStore.Hash(1), None)))!;

        Assert.That(ErrorStatus.For(exception).Status, Is.EqualTo(503));
        AssertOtherStoreIsLogged();
    }

    private static Func<FakeSession, CancellationToken, Task> Answer(Operation operation, Action<FakeSession> answer) =>
        async (session, token) =>
        {
            while (await session.ReadOperationAsync(token) is { } asked)
            {
                if (asked == operation)
                {
                    await session.Reader.ReadStringAsync(1000, token);
                    answer(session);
                }
                else
                {
                    await FakeStore.AnswerAsync(session, asked, token);
                }

                await session.Writer.FlushAsync(token);
            }
        };

    private static Func<FakeSession, CancellationToken, Task> AnswerBut(Operation operation) => async (session, token) =>
    {
        while (await session.ReadOperationAsync(token) is { } asked && asked != operation)
        {
            await FakeStore.AnswerAsync(session, asked, token);
            await session.Writer.FlushAsync(token);
        }

        await FakeSession.NeverAsync(token);
    };

    private static async Task RefuseAsync(FakeSession session, string message, CancellationToken cancellationToken)
    {
        while (await session.ReadOperationAsync(cancellationToken) is not null)
        {
            await session.Reader.ReadStringAsync(1000, cancellationToken);
            await session.SayNoAsync(message, cancellationToken);
        }
    }

    private DaemonCatalog Catalog(FakeDaemon daemon, string storeDirectory = "/nix/store") => new(
        new DaemonCatalogOptions
        {
            SocketPath = daemon.SocketPath,
            StoreDirectory = StoreDirectory.Parse(storeDirectory),
            MaxConnections = 2,
            TimeProvider = _time,
        },
        _log.For<DaemonCatalog>());

    // Real I/O does not follow the fake clock, so the connection must be open already; opening it would time out.
    private Task MoveUntilDoneAsync(Task task) => Patience.UntilAsync(() =>
    {
        if (!task.IsCompleted)
            _time.Advance(TimeSpan.FromSeconds(1));
        return task.IsCompleted;
    });

    private void AssertOtherStoreIsLogged()
    {
        CapturedLogEntry entry = _log.Entries.Single();
        Assert.That((entry.Level, entry.EventId), Is.EqualTo((LogLevel.Error, 112)));
        Assert.That(entry.Message, Does.Contain("/gnu/store").And.Contain("virtual_nix_store"));
    }
}
