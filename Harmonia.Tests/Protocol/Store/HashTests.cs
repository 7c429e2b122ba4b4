using Harmonia.Protocol.Store;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Store;

public sealed class HashTests
{
    private const string EmptyBase16 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    private const string EmptyBase32 = "0mdqa9w1p6cmli6976v4wi0sw9r4p5prkj7lzfd1877wk11c9c73";
    private const string EmptyBase64 = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

    [Test]
    public void Every_spelling_is_printed()
    {
        Hash hash = Hash.Of(HashAlgorithm.Sha256, []);

        Assert.That(hash.ToBase16(), Is.EqualTo(EmptyBase16));
        Assert.That(hash.ToBase32(), Is.EqualTo(EmptyBase32));
        Assert.That(hash.ToBase64(), Is.EqualTo(EmptyBase64));
        Assert.That(hash.ToSri(), Is.EqualTo($"sha256-{EmptyBase64}"));
        Assert.That(hash.ToPrefixedBase16(), Is.EqualTo($"sha256:{EmptyBase16}"));
        Assert.That(hash.ToPrefixedBase32(), Is.EqualTo($"sha256:{EmptyBase32}"));
    }

    [TestCase(HashAlgorithm.Md5, "d41d8cd98f00b204e9800998ecf8427e")]
    [TestCase(HashAlgorithm.Sha1, "da39a3ee5e6b4b0d3255bfef95601890afd80709")]
    [TestCase(HashAlgorithm.Sha256, EmptyBase16)]
    [TestCase(
        HashAlgorithm.Sha512,
        "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e")]
    public void Data_is_hashed(HashAlgorithm algorithm, string expected) =>
        Assert.That(Hash.Of(algorithm, []).ToBase16(), Is.EqualTo(expected));

    [Test]
    public void Blake3_is_read_and_printed_but_not_computed()
    {
        string text = $"blake3:{EmptyBase32}";

        Assert.That(Hash.Parse(text).ToPrefixedBase32(), Is.EqualTo(text));
        Assert.That(Hash.Parse(text), Is.Not.EqualTo(Hash.Of(HashAlgorithm.Sha256, [])));
        Assert.That(() => Hash.Of(HashAlgorithm.Blake3, []), Throws.TypeOf<NotSupportedException>());
    }

    [FsCheck.NUnit.Property]
    public bool Every_spelling_comes_back(byte[] data)
    {
        HashAlgorithm[] computed = [HashAlgorithm.Md5, HashAlgorithm.Sha1, HashAlgorithm.Sha256, HashAlgorithm.Sha512];
        return computed.Select(algorithm => Hash.Of(algorithm, data)).All(hash =>
        {
            string[] bare = [hash.ToBase16(), hash.ToBase16().ToUpperInvariant(), hash.ToBase32(), hash.ToBase64()];
            return Hash.Parse(hash.ToSri()).Equals(hash)
                && bare.All(text => Hash.Parse($"{hash.Algorithm.ToName()}:{text}").Equals(hash))
                && bare.All(text => Hash.TryParse(text, hash.Algorithm, out Hash? parsed) && parsed.Equals(hash));
        });
    }

    [TestCase(EmptyBase16, Description = "no algorithm")]
    [TestCase("sha256:", Description = "no hash")]
    [TestCase("sha256:" + EmptyBase16 + "0", Description = "another length")]
    [TestCase("sha1:" + EmptyBase16, Description = "the length of another algorithm")]
    [TestCase("SHA256:" + EmptyBase16, Description = "an algorithm in upper case")]
    [TestCase("sha3:" + EmptyBase16, Description = "an unknown algorithm")]
    [TestCase("sha256-" + EmptyBase16, Description = "SRI in base 16")]
    [TestCase("sha256:g3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", Description = "no digit")]
    [TestCase("sha256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=", Description = "bits beyond the last byte")]
    [TestCase("sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU", Description = "no padding")]
    [TestCase("sha256:0MDQA9W1P6CMLI6976V4WI0SW9R4P5PRKJ7LZFD1877WK11C9C73", Description = "nix32 in upper case")]
    public void Anything_else_is_refused(string text)
    {
        Assert.That(Hash.TryParse(text, out _), Is.False);
        Assert.That(() => Hash.Parse(text), Throws.TypeOf<FormatException>());
    }

    [Test]
    public void Prefix_may_not_contradict_the_expected_algorithm() =>
        Assert.That(Hash.TryParse($"sha256:{EmptyBase16}", HashAlgorithm.Blake3, out _), Is.False);

    [Test]
    public void Unprefixed_hash_may_have_no_prefix()
    {
        Assert.That(Hash.TryParseUnprefixed(EmptyBase64, HashAlgorithm.Sha256, out Hash? hash), Is.True);
        Assert.That(hash!.ToBase16(), Is.EqualTo(EmptyBase16));
        Assert.That(Hash.TryParseUnprefixed($"sha256:{EmptyBase64}", HashAlgorithm.Sha256, out _), Is.False);
    }

    [Test]
    public void Bytes_of_another_length_are_refused() => Assert.That(() => new Hash(HashAlgorithm.Sha1, new byte[32]), Throws.ArgumentException);

    [Test]
    public void Algorithms_have_the_names_and_sizes_of_Nix() => Assert.That(
        Enum.GetValues<HashAlgorithm>().Select(algorithm => $"{algorithm.ToName()} {algorithm.ByteLength()}"),
        Is.EqualTo(["md5 16", "sha1 20", "sha256 32", "sha512 64", "blake3 32"]));
}
