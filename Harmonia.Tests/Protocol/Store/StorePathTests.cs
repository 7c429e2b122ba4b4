using Harmonia.Protocol.Store;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Store;

public sealed class StorePathTests
{
    private const string Digits = "xp0dpr9yz5h0fk5c5lpj7zzqjbdh3w8c";

    [Test]
    public void Base_name_is_hash_and_name()
    {
        StorePath path = StorePath.Parse($"{Digits}-hello-2.12.drv");

        Assert.That(path.BaseName, Is.EqualTo($"{Digits}-hello-2.12.drv"));
        Assert.That(path.Hash, Is.EqualTo(StorePathHash.Parse(Digits)));
        Assert.That(path.Name.ToString(), Is.EqualTo("hello-2.12.drv"));
        Assert.That(path.IsDerivation, Is.True);
        Assert.That(path, Is.EqualTo(new StorePath(StorePathHash.Parse(Digits), "hello-2.12.drv")));
        Assert.That(path.ToString(), Is.EqualTo(path.BaseName));
    }

    [TestCase("a")]
    [TestCase(".hidden")]
    [TestCase("...")]
    [TestCase("..a")]
    [TestCase(".a-b")]
    [TestCase("-")]
    [TestCase("0aZ+-._?=")]
    [TestCase("drv")]
    public void Names_Nix_allows_are_taken(string name)
    {
        Assert.That(StorePath.TryParse($"{Digits}-{name}", out StorePath? path), Is.True);
        Assert.That(path!.Name.ToString(), Is.EqualTo(name));
        Assert.That(path.IsDerivation, Is.False);
        Assert.That(StorePathName.IsValid(name), Is.True);
    }

    [TestCase("", "must not be empty")]
    [TestCase(".", "before the first dash")]
    [TestCase("..", "before the first dash")]
    [TestCase(".-a", "before the first dash")]
    [TestCase("..-", "before the first dash")]
    [TestCase("a b", "illegal character ' '")]
    [TestCase("a/b", "illegal character '/'")]
    [TestCase("a\0", "illegal character")]
    [TestCase("ä", "illegal character 'ä'")]
    [TestCase("a!b", "illegal character '!'")]
    public void Names_Nix_refuses_are_refused(string name, string reason)
    {
        Assert.That(StorePath.TryParse($"{Digits}-{name}", out _), Is.False);
        Assert.That(() => StorePath.Parse($"{Digits}-{name}"), Throws.TypeOf<FormatException>().With.Message.Contains(reason));
        Assert.That(() => StorePathName.Check(name), Throws.TypeOf<FormatException>().With.Message.Contains(reason));
        Assert.That(() => new StorePath(StorePathHash.Parse(Digits), name), Throws.TypeOf<FormatException>());
    }

    [Test]
    public void Name_of_211_characters_is_the_longest()
    {
        Assert.That(StorePath.TryParse($"{Digits}-{new string('n', 211)}", out _), Is.True);
        Assert.That(StorePath.TryParse($"{Digits}-{new string('n', 212)}", out _), Is.False);
    }

    [TestCase("")]
    [TestCase(Digits)]
    [TestCase(Digits + "_hello")]
    [TestCase("e" + "p0dpr9yz5h0fk5c5lpj7zzqjbdh3w8c-hello")]
    [TestCase("XP0DPR9YZ5H0FK5C5LPJ7ZZQJBDH3W8C-hello")]
    [TestCase("/nix/store/" + Digits + "-hello")]
    public void Anything_else_is_refused(string text)
    {
        Assert.That(StorePath.TryParse(text, out _), Is.False);
        Assert.That(() => StorePath.Parse(text), Throws.TypeOf<FormatException>());
    }

    [FsCheck.NUnit.Property]
    public bool Arbitrary_text_never_fails_in_another_way(string? text) => ParsesOrThrowsFormatException(text ?? "");

    [FsCheck.NUnit.Property]
    public bool Arbitrary_name_never_fails_in_another_way(string? name) => ParsesOrThrowsFormatException($"{Digits}-{name}");

    [Test]
    public void Order_is_bytewise()
    {
        StorePath[] ascending = [.. new[] { "-", "A", "_", "a", "a-", "aa" }.Select(name => StorePath.Parse($"{Digits}-{name}"))];

        Assert.That(ascending, Is.Ordered.Ascending);
        Assert.That(StorePath.Parse($"0{Digits[1..]}-z"), Is.LessThan(ascending[0]));
    }

    private static bool ParsesOrThrowsFormatException(string text)
    {
        bool parsed = StorePath.TryParse(text, out StorePath? path);
        try
        {
            return parsed == (StorePath.Parse(text) == path) && path?.BaseName == text;
        }
        catch (FormatException)
        {
            return !parsed;
        }
    }
}
