using Harmonia.Protocol.Store;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Store;

public sealed class StorePathComputationTests
{
    // The NAR of the file, whose MD5, SHA-1 and SHA-512 hashes follow from it.
    private static readonly byte[] Nar = Convert.FromHexString(
        "0d000000000000006e69782d617263686976652d3100000001000000000000002800000000000000040000000000000074797065000000000700000000000000"
        + "726567756c617200080000000000000063" + "6f6e74656e7473060000000000000068656c6c6f0a000001000000000000002900000000000000");

    private static readonly StoreDirectory Directory = StoreDirectory.Default;

    [Test]
    public void Source_path_follows_from_the_nar() => Assert.That(
        StorePathComputation.MakeSourcePath(Directory, "f", KnownPaths.HelloNar, [], refersToSelf: false), Is.EqualTo(KnownPaths.Source));

    [Test]
    public void Directory_is_a_source_too() => Assert.That(
        StorePathComputation.MakeSourcePath(
            Directory, "dir", NarHash.Parse("3f098ef4484ae4c85bf99060c95b61a4e0ecac4c9a6670cee79ffb252ce4c6be"), [], refersToSelf: false).BaseName,
        Is.EqualTo("9w385kkf7d3ch8c5fyb4v2sgkxn7pkfc-dir"));

    [Test]
    public void Text_path_follows_from_content_and_references()
    {
        Hash hash = Hash.Of(HashAlgorithm.Sha256, "hello\n"u8);

        Assert.That(StorePathComputation.MakeTextPath(Directory, "f", hash, []), Is.EqualTo(KnownPaths.Text));
        Assert.That(
            StorePathComputation.MakeTextPath(Directory, "f", hash, [KnownPaths.Source]).BaseName,
            Is.EqualTo("rfcrjq7kyjmflhddyjdl2lcn0izwp070-f"));
    }

    [TestCase("fixed:sha256", "1p9q0bz6f22dyxh4lw8xs08p4201vyq4-f")]
    [TestCase("fixed:md5", "7s9z2am75yq73wgn24qpijd5jf44vb5s-f")]
    [TestCase("fixed:r:sha1", "jq1d30ypzhhw6hhml61xjfndy39pcysv-f")]
    [TestCase("fixed:r:sha256", "xp0dpr9yz5h0fk5c5lpj7zzqjbdh3w8c-f")]
    [TestCase("text:sha256", "552f5r0wi8frys43livdhkagpkyfvjrv-f")]
    public void Path_follows_from_the_content_address(string method, string expected)
    {
        ContentAddress address = Address(method);

        StorePath path = StorePathComputation.MakeFixedOutputPath(Directory, "f", address, [], refersToSelf: false);

        Assert.That(path.BaseName, Is.EqualTo(expected));
        Assert.That(StorePathComputation.IsContentAddressed(Directory, Info(path, address)), Is.True);
    }

    [Test]
    public void Order_of_references_does_not_matter()
    {
        StorePath[] references = [KnownPaths.Source, KnownPaths.Text];

        Assert.That(
            StorePathComputation.MakeSourcePath(Directory, "f", KnownPaths.HelloNar, references, refersToSelf: true),
            Is.EqualTo(StorePathComputation.MakeSourcePath(Directory, "f", KnownPaths.HelloNar, [.. references.Reverse()], refersToSelf: true)));
    }

    [Test]
    public void Store_directory_references_and_self_reference_change_the_path()
    {
        StorePath[] paths =
        [
            KnownPaths.Source,
            StorePathComputation.MakeSourcePath(StoreDirectory.Parse("/gnu/store"), "f", KnownPaths.HelloNar, [], refersToSelf: false),
            StorePathComputation.MakeSourcePath(Directory, "f", KnownPaths.HelloNar, [KnownPaths.Text], refersToSelf: false),
            StorePathComputation.MakeSourcePath(Directory, "f", KnownPaths.HelloNar, [], refersToSelf: true),
        ];

        Assert.That(paths, Is.Unique);
    }

    [TestCase("fixed:sha256")]
    [TestCase("fixed:r:sha1")]
    [TestCase("fixed:git:sha1")]
    public void Flat_and_other_old_addresses_allow_no_references(string method)
    {
        ContentAddress address = Address(method);

        Assert.That(
            () => StorePathComputation.MakeFixedOutputPath(Directory, "f", address, [KnownPaths.Source], refersToSelf: false),
            Throws.TypeOf<FormatException>().With.Message.Contains("is not allowed to refer"));
        Assert.That(
            () => StorePathComputation.MakeFixedOutputPath(Directory, "f", address, [], refersToSelf: true),
            Throws.TypeOf<FormatException>());
    }

    [Test]
    public void Text_refers_to_itself_never_and_has_a_sha256_hash()
    {
        Assert.That(
            () => StorePathComputation.MakeFixedOutputPath(Directory, "f", Address("text:sha256"), [], refersToSelf: true),
            Throws.TypeOf<FormatException>());
        Assert.That(
            () => StorePathComputation.MakeTextPath(Directory, "f", Hash.Of(HashAlgorithm.Sha1, []), []),
            Throws.TypeOf<FormatException>());
    }

    [Test]
    public void Bad_name_is_refused() => Assert.That(
        () => StorePathComputation.MakeSourcePath(Directory, "a/b", KnownPaths.HelloNar, [], refersToSelf: false),
        Throws.TypeOf<FormatException>());

    [TestCase("out", "1hkfnd2axflpmdlm5pdbrpsaq7bcqfn3-top")]
    [TestCase("dev", "8h43zk71wb416jh3s8vrd3vgrw49xjfx-top-dev")]
    public void Output_path_follows_from_the_derivation(string output, string expected) => Assert.That(
        StorePathComputation.MakeOutputPath(
            Directory, "top", output, Hash.Parse("sha256:1dc9bdc360d4d9bfa14ecaa8d571d77592d8f52d10f8dbddc893a41354557157")).BaseName,
        Is.EqualTo(expected));

    [Test]
    public void Path_is_content_addressed_only_by_its_own_address()
    {
        ContentAddress address = Address("fixed:r:sha256");
        ValidPathInfo info = Info(KnownPaths.Source, address);

        Assert.That(StorePathComputation.IsContentAddressed(Directory, info), Is.True);
        Assert.That(StorePathComputation.IsContentAddressed(Directory, info with { Path = KnownPaths.Text }), Is.False);
        Assert.That(StorePathComputation.IsContentAddressed(Directory, Info(KnownPaths.Source, address: null)), Is.False);
        Assert.That(StorePathComputation.IsContentAddressed(Directory, Info(KnownPaths.Source, Address("fixed:sha256"))), Is.False);
        Assert.That(StorePathComputation.IsContentAddressed(Directory, Info(KnownPaths.Source, address, KnownPaths.Source)), Is.False);
        Assert.That(StorePathComputation.IsContentAddressed(Directory, Info(KnownPaths.Source, Address("fixed:md5"), KnownPaths.Text)), Is.False);
    }

    private static ContentAddress Address(string methodAndAlgorithm)
    {
        Assert.That(ContentAddress.TryParseMethod(methodAndAlgorithm, out ContentAddressMethod method, out HashAlgorithm algorithm), Is.True);
        return new(method, Hash.Of(algorithm, method == ContentAddressMethod.Nar ? Nar : "hello\n"u8));
    }

    private static ValidPathInfo Info(StorePath path, ContentAddress? address, params StorePath[] references) => new()
    {
        Path = path,
        Info = new() { NarHash = KnownPaths.HelloNar, NarSize = 120, References = references, ContentAddress = address },
    };
}
