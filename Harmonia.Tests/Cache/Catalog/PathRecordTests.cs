using System.Buffers;
using System.Security.Cryptography;
using Harmonia.Cache.Catalog;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Cache.NarInfo;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Catalog;

public sealed class PathRecordTests
{
    private const int Seed = 20261201;

    [Test]
    public void What_the_daemon_said_is_read_back()
    {
        foreach (ValidPathInfo path in (ValidPathInfo[])[SamplePaths.Full, SamplePaths.WithReference, SamplePaths.Bare])
            Assert.That(RoundTrip(path, new BaseNames(1 << 20)), Is.EqualTo(path));
    }

    [TestCase(1 << 20)]
    [TestCase(0)]
    [TestCase(100_000)]
    public void Any_path_is_read_back_whether_or_not_its_names_have_numbers(long namesCapacity)
    {
        BaseNames names = new(namesCapacity);
        Random random = new(Seed);
        for (int i = 0; i < 5_000; i++)
        {
            ValidPathInfo path = RandomPath(random);
            Assert.That(RoundTrip(path, names), Is.EqualTo(path));
        }

        Assert.That(names.Bytes, Is.AtMost(namesCapacity));
    }

    [Test]
    public void A_record_is_read_back_with_the_numbers_of_the_next_table()
    {
        BaseNames first = new(1 << 20);
        BaseNames second = new(1 << 20, isOdd: true);
        Random random = new(Seed);
        for (int i = 0; i < 2_000; i++)
        {
            ValidPathInfo path = RandomPath(random);
            byte[] record = PathRecords.Write(path, first);
            Assert.That(PathRecord.HasOddNames(record), Is.False);

            Assert.That(PathRecordWriter.TryRenumber(record, first, second));

            Assert.That(PathRecord.HasOddNames(record));
            Assert.That(PathRecords.Read(path, record, second).ToPathInfo(), Is.EqualTo(path));
        }
    }

    [Test]
    public void A_record_gets_no_numbers_from_a_table_without_room()
    {
        BaseNames names = new(1 << 20);
        byte[] record = PathRecords.Write(SamplePaths.WithReference, names);

        Assert.That(PathRecordWriter.TryRenumber(record, names, new BaseNames(0, isOdd: true)), Is.False);
    }

    [Test]
    public void Two_records_say_the_same_whatever_names_have_numbers_unless_anything_differs()
    {
        BaseNames all = new(1 << 20);
        BaseNames none = new(0, isOdd: true);
        Random random = new(Seed);
        for (int i = 0; i < 500; i++)
        {
            ValidPathInfo path = RandomPath(random);
            byte[] record = PathRecords.Write(path, all);
            Assert.That(PathRecords.Read(path, record, all).SaysAs(PathRecords.Read(path, PathRecords.Write(path, none), none)));
            foreach (ValidPathInfo other in Others(path))
                Assert.That(PathRecords.Read(path, record, all).SaysAs(PathRecords.Read(other, PathRecords.Write(other, all), all)), Is.False, $"{path} and {other}");
        }
    }

    [Test]
    public void The_derivation_of_an_output_costs_no_name()
    {
        ValidPathInfo path = SamplePaths.Bare with { Path = PathOf("hello-2.12.1-dev") };
        int bare = PathRecords.Write(path, new BaseNames(0)).Length;

        path = path with { Info = path.Info with { Deriver = PathOf("hello-2.12.1.drv") } };

        Assert.That(PathRecords.Write(path, new BaseNames(0)), Has.Length.EqualTo(bare + StorePathHash.ByteLength + 1));
    }

    [Test]
    public void A_usual_path_takes_little()
    {
        BaseNames names = new(1 << 20);
        StorePath[] others = [.. Enumerable.Range(0, 5).Select(i => PathOf($"library-{i}-1.0"))];
        ValidPathInfo path = new()
        {
            Path = PathOf("hello-2.12.1"),
            Info = new UnkeyedValidPathInfo
            {
                NarHash = NarHash.Of("hello"u8),
                NarSize = 226_560,
                RegistrationTime = 1_700_000_000,
                Deriver = PathOf("hello-2.12.1.drv"),
                References = others,
                Signatures = [SamplePaths.OtherSignature],
            },
        };
        ArrayBufferWriter<byte> output = new();

        PathRecordWriter.Write(output, path, names);

        Assert.That(output.WrittenCount, Is.AtMost(32 + 20 + 64 + 7 * 3 + 30));
    }

    private static ValidPathInfo RoundTrip(ValidPathInfo path, BaseNames names) => PathRecords.Read(path, PathRecords.Write(path, names), names).ToPathInfo();

    private static IEnumerable<ValidPathInfo> Others(ValidPathInfo path)
    {
        UnkeyedValidPathInfo info = path.Info;
        yield return path with { Path = PathOf($"{path.Path.Name}x") };
        yield return path with { Info = info with { NarHash = NarHash.Of("other"u8) } };
        yield return path with { Info = info with { NarSize = info.NarSize + 1 } };
        yield return path with { Info = info with { RegistrationTime = info.RegistrationTime + 1 } };
        yield return path with { Info = info with { Ultimate = !info.Ultimate } };
        yield return path with { Info = info with { Deriver = PathOf("other.drv") } };
        yield return path with { Info = info with { References = [.. info.References, PathOf("other")] } };
        yield return path with { Info = info with { Signatures = [.. info.Signatures, "other"] } };
        yield return path with { Info = info with { ContentAddress = new ContentAddress(ContentAddressMethod.Nar, NarHash.Of("y"u8).ToHash()) } };
    }

    private static ValidPathInfo RandomPath(Random random)
    {
        StorePath path = PathOf(RandomName(random), random);
        List<StorePath> references = [.. Enumerable.Range(0, random.Next(8)).Select(_ => PathOf(RandomName(random), random))];
        if (random.Next(3) == 0)
            references.Add(path);
        return new ValidPathInfo
        {
            Path = path,
            Info = new UnkeyedValidPathInfo
            {
                NarHash = NarHash.Of(BitConverter.GetBytes(random.NextInt64())),
                NarSize = (ulong)random.NextInt64() >> random.Next(64),
                RegistrationTime = (ulong)random.NextInt64() >> random.Next(64),
                Ultimate = random.Next(2) == 0,
                Deriver = random.Next(3) switch
                {
                    0 => null,
                    1 => PathOf($"{path.Name}.drv", random),
                    _ => PathOf(RandomName(random), random),
                },
                References = references,
                Signatures = [.. Enumerable.Range(0, random.Next(4)).Select(_ => RandomSignature(random))],
                ContentAddress = random.Next(4) == 0 ? new ContentAddress(ContentAddressMethod.Nar, NarHash.Of("x"u8).ToHash()) : null,
            },
        };
    }

    // Some without padding, some that are no signatures.
    private static string RandomSignature(Random random)
    {
        byte[] bytes = new byte[Signature.ByteLength];
        random.NextBytes(bytes);
        string text = Convert.ToBase64String(bytes);
        return random.Next(4) switch
        {
            0 => $"key-{random.Next(10)}:{text.TrimEnd('=')}",
            1 => $"not a signature {random.Next()}é",
            _ => $"key-{random.Next(10)}:{text}",
        };
    }

    private static string RandomName(Random random) => random.Next(2) == 0
        ? $"name-{random.Next(100)}"
        : new string('x', random.Next(1, 200)) + random.Next(1000);

    private static StorePath PathOf(string name, Random? random = null)
    {
        byte[] hash = new byte[StorePathHash.ByteLength];
        if (random is null)
            SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(name)).AsSpan(0, hash.Length).CopyTo(hash);
        else
            random.NextBytes(hash);
        return new StorePath(StorePathHash.FromBytes(hash), name);
    }
}
