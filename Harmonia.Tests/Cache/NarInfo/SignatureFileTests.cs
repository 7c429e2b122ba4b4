using Harmonia.Cache.NarInfo;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.NarInfo;

/// <summary>A real file, and what can happen to it.</summary>
public sealed class SignatureFileTests
{
    private const int Bucket = SignatureBucket.ByteLength;
    private const int Small = 3 * Bucket;

    private TemporaryDirectory _directory = null!;
    private SecretKey _key = null!;

    private string FilePath => _directory["file"];

    [SetUp]
    public void MakeKey() => (_directory, _key) = (new TemporaryDirectory(), SecretKey.Generate("cache.example.org-1"));

    [TearDown]
    public void Remove()
    {
        _key.Dispose();
        _directory.Dispose();
    }

    [Test]
    public void What_was_put_is_found_also_after_the_file_was_closed()
    {
        using (SignatureFile file = Open(1 << 20))
        {
            foreach (int number in Enumerable.Range(0, 1000))
                Put(file, number);
            Assert.That(Enumerable.Range(0, 1000).Select(number => Get(file, number)), Has.All.EqualTo(Outcome.Right));
            Assert.That(file.IsRenewed, Is.False);
        }

        using SignatureFile again = Open(1 << 20);

        Assert.That(again.IsRenewed, Is.False);
        Assert.That(Enumerable.Range(0, 1000).Select(number => Get(again, number)), Has.All.EqualTo(Outcome.Right));
        Assert.That(Get(again, 1000), Is.EqualTo(Outcome.Absent));
        Assert.That(new FileInfo(FilePath).Length, Is.EqualTo(1 << 20));
        Assert.That(File.GetUnixFileMode(FilePath), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Test]
    public void The_secret_is_not_in_the_file()
    {
        byte[] secret = Convert.FromBase64String(_key.ExportText().Split(':')[1]);
        using (SignatureFile file = Open(Small))
            Put(file, 1);

        byte[] bytes = File.ReadAllBytes(FilePath);

        Assert.That(bytes.AsSpan().IndexOf(_key.Sign(Text(1)).Bytes), Is.Positive);
        Assert.That(bytes.AsSpan().IndexOf(secret.AsSpan(0, 8)), Is.Negative);
    }

    [Test]
    public void A_full_bucket_gives_room_to_a_new_entry_and_the_file_never_grows()
    {
        using SignatureFile file = Open(2 * Bucket);
        foreach (int number in Enumerable.Range(0, 100))
        {
            Put(file, number);
            Assert.That(Get(file, number), Is.EqualTo(Outcome.Right));
        }

        Assert.That(
            Enumerable.Range(0, 100).Count(number => Get(file, number) == Outcome.Right), Is.EqualTo(SignatureBucket.Slots));
        Assert.That(new FileInfo(FilePath).Length, Is.EqualTo(2 * Bucket));
    }

    [Test]
    public void An_entry_that_is_put_twice_takes_one_slot()
    {
        using (SignatureFile file = Open(2 * Bucket))
        {
            foreach (int number in (int[])[0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
                Put(file, number);
            Assert.That(Enumerable.Range(0, 2).Select(number => Get(file, number)), Has.All.EqualTo(Outcome.Right));
        }

        Assert.That(
            File.ReadAllBytes(FilePath)[(Bucket + (2 * SignatureBucket.EntryLength))..], Has.All.Zero, "The third slot is free.");
    }

    [Test]
    public void A_damaged_byte_anywhere_costs_its_entry_at_most_and_the_next_one_repairs_it()
    {
        using (SignatureFile file = Open(2 * Bucket))
        {
            foreach (int number in Enumerable.Range(0, SignatureBucket.Slots))
                Put(file, number);
        }

        byte[] whole = File.ReadAllBytes(FilePath);
        for (int place = Bucket; place < 2 * Bucket; place++)
        {
            byte[] damaged = [.. whole];
            damaged[place] ^= (byte)(1 << (place % 8));
            File.WriteAllBytes(FilePath, damaged);
            using SignatureFile file = Open(2 * Bucket);

            int hit = (place - Bucket) / SignatureBucket.EntryLength;
            Outcome[] outcomes = [.. Enumerable.Range(0, SignatureBucket.Slots).Select(number => Get(file, number))];
            Assert.That(outcomes, Has.None.EqualTo(Outcome.Wrong));
            Assert.That(outcomes.Where((_, slot) => slot != hit), Has.All.EqualTo(Outcome.Right), $"{place}");
            Assert.That(outcomes.ElementAtOrDefault(hit), Is.EqualTo(Outcome.Absent), $"{place}");
            if (hit < SignatureBucket.Slots)
                Put(file, hit);
            Assert.That(Get(file, Math.Min(hit, SignatureBucket.Slots - 1)), Is.EqualTo(Outcome.Right));
        }
    }

    [FsCheck.NUnit.Property(MaxTest = 300)]
    public bool Whatever_bytes_a_bucket_has_no_wrong_signature_comes_out(byte[] noise, int place)
    {
        using SecretKey key = SecretKey.Parse(SamplePaths.SecretKey);
        byte[] bucket = new byte[Bucket];
        for (int number = 0; number < SignatureBucket.Slots; number++)
            Entry(key, number).CopyTo(bucket, number * SignatureBucket.EntryLength);
        int start = (int)((uint)place % (Bucket - 100));
        noise.AsSpan(0, Math.Min(noise.Length, 100)).CopyTo(bucket.AsSpan(start));
        byte[] signature = new byte[Signature.ByteLength];

        return Enumerable.Range(0, SignatureBucket.Slots).All(number =>
            !SignatureBucket.TryFind(bucket, SignatureBucket.IdOf(key.PublicKey, Text(number)), signature)
            || key.Sign(Text(number)).Bytes.SequenceEqual(signature));
    }

    [Test]
    public void A_file_cut_to_any_length_is_emptied_and_used_again()
    {
        using (SignatureFile file = Open(2 * Bucket))
            Put(file, 1);
        byte[] whole = File.ReadAllBytes(FilePath);
        for (int length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(FilePath, whole[..length]);
            using SignatureFile file = Open(2 * Bucket);

            Assert.That(file.IsRenewed, Is.EqualTo(length > 0));
            Assert.That(Get(file, 1), Is.EqualTo(Outcome.Absent));
            if (length % 100 != 0)
                continue;
            Put(file, 1);
            Assert.That(Get(file, 1), Is.EqualTo(Outcome.Right));
        }
    }

    [Test]
    public async Task A_file_that_is_cut_while_it_is_open_loses_entries_and_takes_new_ones()
    {
        using SignatureFile file = Open(Small);
        foreach (int number in Enumerable.Range(0, 10))
            Put(file, number);

        // Not by .NET, which would respect the lock.
        for (int length = Small; length >= 0; length -= 61)
        {
            await Command.RunAsync("truncate", ["--size", $"{length}", FilePath]);
            Assert.That(Enumerable.Range(0, 10).Select(number => Get(file, number)), Has.None.EqualTo(Outcome.Wrong));
        }

        Put(file, 5);

        Assert.That(Get(file, 5), Is.EqualTo(Outcome.Right));
    }

    [Test]
    public void A_damaged_head_another_size_another_key_and_other_files_begin_anew()
    {
        using (SignatureFile file = Open(Small))
            Put(file, 1);
        byte[] whole = File.ReadAllBytes(FilePath);
        using SecretKey other = SecretKey.Generate(_key.Name);
        byte[] damaged = [.. whole];
        damaged[3] ^= 1;

        foreach ((byte[] bytes, SecretKey key, int size) in ((byte[], SecretKey, int)[])
            [(damaged, _key, Small), (whole, _key, Small + Bucket), (whole, other, Small), ([1, 2, 3], _key, Small), (new byte[Small], _key, Small)])
        {
            File.WriteAllBytes(FilePath, bytes);
            using SignatureFile file = new(FilePath, key.PublicKey, size);

            Assert.That(file.IsRenewed);
            Assert.That(Get(file, 1), Is.EqualTo(Outcome.Absent));
        }
    }

    [Test]
    public void Another_process_cannot_open_or_delete_it_meanwhile()
    {
        using (Open(Small))
        {
            Assert.That(() => Open(Small), Throws.InstanceOf<IOException>());
            Assert.That(() => SignatureFile.TryDelete(FilePath), Throws.InstanceOf<IOException>());
        }

        Assert.That(SignatureFile.TryDelete(FilePath), Is.True);
        Assert.That(File.Exists(FilePath), Is.False);
    }

    [Test]
    public void A_file_of_somebody_else_is_not_deleted()
    {
        foreach (string text in (string[])["", "harmonia", "harmonia, but a diary"])
        {
            File.WriteAllText(FilePath, text);

            Assert.That(SignatureFile.TryDelete(FilePath), Is.False);
            Assert.That(File.ReadAllText(FilePath), Is.EqualTo(text));
        }
    }

    [Test]
    public void Threads_that_read_while_one_writes_get_right_signatures_or_none()
    {
        using SignatureFile file = Open(2 * Bucket);
        byte[][] entries = [.. Enumerable.Range(0, 30).Select(number => Entry(_key, number))];
        Outcome[] expected = [Outcome.Right, Outcome.Absent];
        Task<Outcome[]>[] readers =
        [
            .. Enumerable.Range(0, 3).Select(reader => Task.Run(() =>
                Enumerable.Range(0, 3000).Select(round => Get(file, (round + reader) % 30)).Distinct().ToArray())),
        ];

        // Thirty entries compete for ten slots.
        for (int round = 0; !Task.WhenAll(readers).IsCompleted; round++)
            file.Put(entries[round % 30]);

        Assert.That(readers.SelectMany(reader => reader.Result).Distinct(), Is.SubsetOf(expected));
    }

    private static byte[] Text(int number) => [.. BitConverter.GetBytes(number), .. "some fingerprint"u8];

    private static byte[] Entry(SecretKey key, int number) =>
        SignatureBucket.Entry(SignatureBucket.IdOf(key.PublicKey, Text(number)), key.Sign(Text(number)));

    private SignatureFile Open(long maxSize) => new(FilePath, _key.PublicKey, maxSize);

    private void Put(SignatureFile file, int number) => file.Put(Entry(_key, number));

    private Outcome Get(SignatureFile file, int number)
    {
        byte[] signature = new byte[Signature.ByteLength];
        if (!file.TryGet(SignatureBucket.IdOf(_key.PublicKey, Text(number)), signature))
            return Outcome.Absent;
        return _key.Sign(Text(number)).Bytes.SequenceEqual(signature) ? Outcome.Right : Outcome.Wrong;
    }

    private enum Outcome
    {
        Absent,
        Right,
        Wrong,
    }
}
