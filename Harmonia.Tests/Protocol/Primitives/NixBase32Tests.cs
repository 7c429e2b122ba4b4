using System.Security.Cryptography;
using Harmonia.Protocol.Primitives;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Primitives;

public sealed class NixBase32Tests
{
    [TestCase("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "0mdqa9w1p6cmli6976v4wi0sw9r4p5prkj7lzfd1877wk11c9c73")]
    [TestCase("1c37d01af40be2e80691de3cc3df44377a699afbb17c68f080964b2fd071fc13", "04zwf782yjwnh3q6hz5izfd6jyip8kgw6g6yj43fiqhbyhdd0dqw")]
    [TestCase("d41d8cd98f00b204e9800998ecf8427e", "3y8bwfr609h3lh9ch0izcqq7fl")]
    public void Bytes_are_spelt_as_Nix_spells_them(string base16, string expected)
    {
        byte[] bytes = Convert.FromHexString(base16);
        byte[] decoded = new byte[bytes.Length];

        Assert.That(NixBase32.Encode(bytes), Is.EqualTo(expected));
        Assert.That(NixBase32.TryDecode(expected, decoded), Is.True);
        Assert.That(decoded, Is.EqualTo(bytes));
    }

    [Test]
    public void Sha1_of_a_path_is_spelt_as_the_name_of_its_root() =>
        Assert.That(NixBase32.Encode(SHA1.HashData("/home/alice/result"u8)), Is.EqualTo("x6xcakh6pmsprh9372j47cndyciwzqqy"));

    [TestCase(0, 0)]
    [TestCase(1, 2)]
    [TestCase(16, 26)]
    [TestCase(20, 32)]
    [TestCase(32, 52)]
    [TestCase(64, 103)]
    public void Length_follows_from_the_number_of_bytes(int bytes, int digits) =>
        Assert.That(NixBase32.EncodedLength(bytes), Is.EqualTo(digits));

    [FsCheck.NUnit.Property]
    public bool Every_byte_string_comes_back(byte[] bytes)
    {
        byte[] decoded = new byte[bytes.Length];
        return NixBase32.TryDecode(NixBase32.Encode(bytes), decoded) && decoded.AsSpan().SequenceEqual(bytes);
    }

    [Test]
    public void Bits_beyond_the_last_byte_are_refused()
    {
        // 52 digits have room for 260 bits.
        Assert.That(NixBase32.TryDecode("1" + new string('0', 51), new byte[32]), Is.True);
        Assert.That(NixBase32.TryDecode("2" + new string('0', 51), new byte[32]), Is.False);
        Assert.That(NixBase32.TryDecode("z" + new string('0', 51), new byte[32]), Is.False);
    }

    [TestCase('e')]
    [TestCase('o')]
    [TestCase('t')]
    [TestCase('u')]
    [TestCase('A')]
    [TestCase('/')]
    [TestCase('é')]
    [TestCase('０')]
    public void Characters_outside_the_alphabet_are_refused(char character) =>
        Assert.That(NixBase32.TryDecode(character + new string('0', 31), new byte[20]), Is.False);

    [TestCase(31)]
    [TestCase(33)]
    public void Another_length_is_refused(int length) =>
        Assert.That(NixBase32.TryDecode(new string('0', length), new byte[20]), Is.False);

    [Test]
    public void Destination_of_another_length_is_refused() =>
        Assert.That(() => NixBase32.Encode(new byte[20], new char[33]), Throws.ArgumentException);
}
