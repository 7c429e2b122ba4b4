using Harmonia.Protocol.Store;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Store;

public sealed class ContentAddressTests
{
    private const string Base16 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    private const string Base32 = "0mdqa9w1p6cmli6976v4wi0sw9r4p5prkj7lzfd1877wk11c9c73";
    private const string Base64 = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

    [TestCase("text:sha256:" + Base32, ContentAddressMethod.Text, HashAlgorithm.Sha256)]
    [TestCase("fixed:sha256:" + Base32, ContentAddressMethod.Flat, HashAlgorithm.Sha256)]
    [TestCase("fixed:md5:3y8bwfr609h3lh9ch0izcqq7fl", ContentAddressMethod.Flat, HashAlgorithm.Md5)]
    [TestCase("fixed:r:sha256:" + Base32, ContentAddressMethod.Nar, HashAlgorithm.Sha256)]
    [TestCase("fixed:r:blake3:" + Base32, ContentAddressMethod.Nar, HashAlgorithm.Blake3)]
    [TestCase("fixed:git:sha1:x6xcakh6pmsprh9372j47cndyciwzqqy", ContentAddressMethod.Git, HashAlgorithm.Sha1)]
    public void Text_comes_back(string text, ContentAddressMethod method, HashAlgorithm algorithm)
    {
        ContentAddress address = ContentAddress.Parse(text);

        Assert.That((address.Method, address.Hash.Algorithm), Is.EqualTo((method, algorithm)));
        Assert.That(address.ToString(), Is.EqualTo(text));
        Assert.That(address, Is.EqualTo(new ContentAddress(method, address.Hash)));
    }

    [TestCase("fixed:r:sha256:" + Base16)]
    [TestCase("fixed:r:sha256:" + Base64)]
    public void Hash_of_any_base_is_printed_in_nix32(string text) =>
        Assert.That(ContentAddress.Parse(text).ToString(), Is.EqualTo("fixed:r:sha256:" + Base32));

    [TestCase("")]
    [TestCase("fixed")]
    [TestCase("fixed:sha256")]
    [TestCase("fixed:sha256:")]
    [TestCase("fixed:x:sha256:" + Base32)]
    [TestCase("source:sha256:" + Base32)]
    [TestCase("sha256:" + Base32)]
    [TestCase("text:r:sha256:" + Base32)]
    [TestCase("text:md5:3y8bwfr609h3lh9ch0izcqq7fl")]
    [TestCase("fixed:git:md5:3y8bwfr609h3lh9ch0izcqq7fl")]
    [TestCase("fixed:r:sha1:" + Base32)]
    [TestCase("fixed:r:sha256-" + Base64)]
    [TestCase("fixed:r:sha256:sha256:" + Base32)]
    [TestCase("fixed:r:sha256:sha256-" + Base64)]
    public void Anything_else_is_refused(string text)
    {
        Assert.That(ContentAddress.TryParse(text, out _), Is.False);
        Assert.That(() => ContentAddress.Parse(text), Throws.TypeOf<FormatException>());
    }

    [TestCase("text:sha256", ContentAddressMethod.Text, HashAlgorithm.Sha256)]
    [TestCase("fixed:sha512", ContentAddressMethod.Flat, HashAlgorithm.Sha512)]
    [TestCase("fixed:r:sha1", ContentAddressMethod.Nar, HashAlgorithm.Sha1)]
    [TestCase("fixed:git:sha1", ContentAddressMethod.Git, HashAlgorithm.Sha1)]
    public void Method_without_hash_comes_back(string text, ContentAddressMethod method, HashAlgorithm algorithm)
    {
        Assert.That(ContentAddress.TryParseMethod(text, out ContentAddressMethod parsed, out HashAlgorithm parsedAlgorithm), Is.True);
        Assert.That((parsed, parsedAlgorithm), Is.EqualTo((method, algorithm)));
        Assert.That(ContentAddress.PrintMethod(method, algorithm), Is.EqualTo(text));
    }

    [Test]
    public void Method_that_does_not_go_with_the_algorithm_is_refused() =>
        Assert.That(() => new ContentAddress(ContentAddressMethod.Text, Hash.Of(HashAlgorithm.Sha1, [])), Throws.ArgumentException);
}
