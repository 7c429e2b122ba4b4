using Harmonia.Cache.Configuration;
using Harmonia.Cache.NarInfo;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.NarInfo;

public sealed class KeptSignaturesTests
{
    private const int Kept = 171;
    private const int NotKept = 172;
    private const int Renewed = 173;
    private const int Deleted = 174;
    private const int NotDeleted = 175;

    // The maximum number that wait to be written.
    private const int MaxQueued = 4096;

    private TemporaryDirectory _directory = null!;
    private SecretKey _key = null!;
    private SecretKey _other = null!;
    private FakeTime _time = null!;
    private CapturedLog _log = null!;

    private string[] Files => Directory.GetFiles(_directory["made/here"]);

    [SetUp]
    public void Make()
    {
        (_directory, _time, _log) = (new TemporaryDirectory(), new FakeTime(), new CapturedLog());
        (_key, _other) = (SecretKey.Generate("first-1"), SecretKey.Generate("second-1"));
    }

    [TearDown]
    public void Remove()
    {
        _log.Dispose();
        _key.Dispose();
        _other.Dispose();
        _directory.Dispose();
    }

    [Test]
    public async Task A_signature_is_made_once_also_across_a_restart()
    {
        using (KeptSignatures signatures = Open(_key, _other))
        {
            Assert.That(Sign(signatures, _key, 100), Is.Zero);
            Assert.That(Sign(signatures, _other, 50), Is.Zero);
            await WriteAsync(signatures);
            Assert.That(Sign(signatures, _key, 100), Is.EqualTo(100));
        }

        using KeptSignatures again = Open(_other, _key);

        Assert.That(Sign(again, _key, 101), Is.EqualTo(100));
        Assert.That(Sign(again, _other, 51), Is.EqualTo(50));
        Assert.That(_log.Entries.Select(entry => entry.EventId), Has.All.EqualTo(Kept));
    }

    [Test]
    public async Task The_signer_counts_what_was_made_and_what_was_found()
    {
        using KeptSignatures signatures = Open(_key, _other);
        NarInfoSigner signer = new(StoreDirectory.Default, [_key, _other], kept: signatures);
        SignedNarInfo first = signer.Sign(SamplePaths.WithReference);
        await WriteAsync(signatures);

        SignedNarInfo second = signer.Sign(SamplePaths.WithReference);
        Signature[] another = [.. signer.Sign(Text(1), isUltimate: true)];

        Assert.That(second.Signatures, Is.EqualTo(first.Signatures));
        Assert.That(another, Has.Length.EqualTo(2));
        Assert.That((signer.Made, signer.Found), Is.EqualTo((4, 2)));
    }

    [Test]
    public async Task What_does_not_fit_in_the_queue_is_not_written()
    {
        using KeptSignatures signatures = Open(_key);
        Sign(signatures, _key, MaxQueued + 10);

        await WriteAsync(signatures);

        Assert.That(Sign(signatures, _key, MaxQueued + 10), Is.EqualTo(MaxQueued));
        await WriteAsync(signatures);
        Assert.That(Sign(signatures, _key, MaxQueued + 10), Is.EqualTo(MaxQueued + 10));
    }

    [Test]
    public async Task What_is_made_while_it_runs_is_written_without_a_stop()
    {
        using KeptSignatures signatures = Open(_key);
        using CancellationTokenSource stop = new();
        Task writing = signatures.WriteAsync(stop.Token);
        Sign(signatures, _key, 10);

        await Patience.UntilAsync(() => Sign(signatures, _key, 10) == 10);

        await stop.CancelAsync();
        await writing.InTime().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Assert.That(writing.IsCanceled);
    }

    [Test]
    public async Task The_file_of_a_key_that_goes_is_deleted_and_that_of_another_stays()
    {
        using KeptSignatures signatures = Open(_key, _other);
        Sign(signatures, _key, 10);
        Sign(signatures, _other, 10);
        await WriteAsync(signatures);
        Assert.That(Files, Has.Length.EqualTo(2));

        signatures.Use([_other]);
        Assert.That(Files, Has.Length.EqualTo(1));
        Assert.That(Sign(signatures, _key, 10), Is.Zero, "A request in progress still signs with it.");
        Assert.That(Sign(signatures, _other, 10), Is.EqualTo(10));
        signatures.Use([_other, _key]);
        await WriteAsync(signatures);

        Assert.That(Files, Has.Length.EqualTo(2));
        Assert.That(Sign(signatures, _key, 10), Is.Zero);
        Assert.That(_log.Entries.Select(entry => entry.EventId), Is.EqualTo(new[] { Kept, Kept, Deleted, Kept }));
    }

    [Test]
    public async Task What_waits_to_be_written_when_its_key_goes_does_not_bring_the_file_back()
    {
        using KeptSignatures signatures = Open(_key);
        Sign(signatures, _key, 10);

        signatures.Use([]);
        await WriteAsync(signatures);

        Assert.That(Files, Is.Empty);
    }

    [Test]
    public void The_start_deletes_files_of_keys_that_are_gone_and_nothing_else()
    {
        Open(_key).Dispose();
        string ours = Files.Single();
        string[] others =
        [
            Path.Combine(_directory["made/here"], new string('a', 64) + ".signatures"),
            Path.Combine(_directory["made/here"], new string('A', 64) + ".signatures"),
            Path.Combine(_directory["made/here"], "copy.signatures"),
            ours + ".backup",
        ];
        File.WriteAllText(others[0], "somebody else's, with such a name");
        foreach (string other in others[1..])
            File.Copy(ours, other);
        using KeptSignatures user = Open(_other);
        Assert.That(Files, Has.Length.EqualTo(others.Length + 1).And.None.EqualTo(ours));

        using KeptSignatures beside = Open(_key);

        Assert.That(Files, Has.Length.EqualTo(others.Length + 2), "Another process has the file of the other key open.");
        Assert.That(_log.Entries.Count(entry => entry.EventId == NotDeleted), Is.EqualTo(1));
    }

    [Test]
    public async Task A_second_process_signs_without_keeping_until_the_first_has_ended()
    {
        KeptSignatures first = Open(_key);
        using KeptSignatures second = Open(_key);
        Sign(second, _key, 10);
        await WriteAsync(second);
        Assert.That(Sign(second, _key, 10), Is.Zero);
        first.Dispose();

        _time.Advance(TimeSpan.FromMinutes(1));
        await WriteAsync(second);

        Assert.That(Sign(second, _key, 10), Is.EqualTo(10));
        Assert.That(_log.Entries.Select(entry => entry.EventId), Is.EqualTo(new[] { Kept, NotKept, Kept }));
    }

    [Test]
    public async Task A_full_disk_is_reported_once_and_written_to_when_it_has_room()
    {
        using SmallDisk disk = new(64 * 1024, Directory.CreateDirectory(_directory["made/here"]).FullName);
        using KeptSignatures signatures = Open(_key);
        Sign(signatures, _key, 1000);
        await WriteAsync(signatures);
        int kept = Sign(signatures, _key, 1000);
        Assert.That(kept, Is.InRange(1, 999), "What was written before can be read.");

        _time.Advance(TimeSpan.FromMinutes(1));
        await WriteAsync(signatures);
        Sign(signatures, _key, 1000);
        Assert.That(_log.Entries.Select(entry => entry.EventId), Is.EqualTo(new[] { Kept, NotKept }));
        Assert.That(_log.Entries.Last().Level, Is.EqualTo(LogLevel.Warning));

        await Command.RunAsync("mount", ["-o", "remount,size=8m", disk.Path]);
        _time.Advance(TimeSpan.FromMinutes(1));
        await WriteAsync(signatures);

        Assert.That(Sign(signatures, _key, 1000), Is.EqualTo(1000));
        Assert.That(_log.Entries.Select(entry => entry.EventId), Is.EqualTo(new[] { Kept, NotKept, Kept }));
    }

    [Test]
    public async Task A_file_that_was_cut_between_two_runs_begins_anew()
    {
        using (KeptSignatures before = Open(_key))
        {
            Sign(before, _key, 10);
            await WriteAsync(before);
        }

        using (FileStream file = File.OpenWrite(Files.Single()))
            file.SetLength(5000);
        using KeptSignatures signatures = Open(_key);
        Assert.That(Sign(signatures, _key, 10), Is.Zero);
        await WriteAsync(signatures);

        Assert.That(Sign(signatures, _key, 10), Is.EqualTo(10));
        Assert.That(_log.Entries.Select(entry => entry.EventId), Is.EqualTo(new[] { Kept, Renewed, Kept }));
    }

    [Test]
    public void What_is_in_the_way_of_a_file_is_no_harm()
    {
        Open(_key).Dispose();
        string file = Files.Single();
        File.Delete(file);
        foreach (Action make in (Action[])[() => Directory.CreateDirectory(file), () => File.CreateSymbolicLink(file, "/dev/full")])
        {
            make();

            using (KeptSignatures signatures = Open(_key))
            {
                Assert.That(Sign(signatures, _key, 10), Is.Zero);
                Assert.That(_log.Entries.Last().EventId, Is.EqualTo(NotKept));
            }

            if (Directory.Exists(file))
                Directory.Delete(file);
        }
    }

    [Test]
    public void A_directory_that_cannot_be_made_is_an_error()
    {
        File.WriteAllText(_directory["made"], "a file");

        Assert.That(() => Open(_key), Throws.InstanceOf<IOException>());
    }

    // Two keys of one name, and a key that is configured twice.
    [Test]
    public async Task Keys_are_told_apart_by_more_than_their_names()
    {
        using SecretKey twin = SecretKey.Generate(_key.Name);
        using SecretKey same = SecretKey.Parse(_key.ExportText());
        using KeptSignatures signatures = Open(_key, twin, same);
        Sign(signatures, _key, 10);
        await WriteAsync(signatures);

        Assert.That(Sign(signatures, same, 10), Is.EqualTo(10));
        Assert.That(Sign(signatures, twin, 10), Is.Zero);
        Assert.That(Files, Has.Length.EqualTo(2));
    }

    private static byte[] Text(int number) => [.. BitConverter.GetBytes(number), .. "some fingerprint"u8];

    private KeptSignatures Open(params SecretKey[] keys) => new(
        new SignatureOptions { Directory = _directory["made/here"] }, keys, _time, _log.For<KeptSignatures>());

    // Signs so many texts and checks each signature; returns how many of them were made before.
    private static int Sign(KeptSignatures signatures, SecretKey key, int count)
    {
        int found = 0;
        foreach (int number in Enumerable.Range(0, count))
        {
            Signature signature = signatures.Sign(key, Text(number), out bool isKept);
            Assert.That(signature, Is.EqualTo(key.Sign(Text(number))));
            found += isKept ? 1 : 0;
        }

        return found;
    }

    // Writes the waiting signatures, as a stop does.
    private static async Task WriteAsync(KeptSignatures signatures) => await signatures
        .WriteAsync(new CancellationToken(canceled: true)).InTime().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
