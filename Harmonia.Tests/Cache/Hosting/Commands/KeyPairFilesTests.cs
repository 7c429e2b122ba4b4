using Harmonia.Cache.Hosting.Commands;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Hosting.Commands;

public sealed class KeyPairFilesTests
{
    private TemporaryDirectory _directory = null!;
    private SecretKey _key = null!;

    private string SecretFile => _directory["secret"];

    private string PublicFile => _directory["public"];

    [SetUp]
    public void MakeKey() => (_directory, _key) = (new TemporaryDirectory(), SecretKey.Generate("test-1"));

    [TearDown]
    public void RemoveKey()
    {
        _key.Dispose();
        _directory.Dispose();
    }

    [Test]
    public void Only_the_owner_may_read_the_secret_and_everybody_the_public_key()
    {
        KeyPairFiles.Write(_key, SecretFile, PublicFile);

        Assert.That(File.GetUnixFileMode(SecretFile), Is.EqualTo((UnixFileMode)0b110_000_000));
        Assert.That(File.GetUnixFileMode(PublicFile), Is.EqualTo((UnixFileMode)0b110_100_100));
        using SecretKey read = SecretKey.Parse(File.ReadAllText(SecretFile));
        Assert.That(read.PublicKey, Is.EqualTo(_key.PublicKey));
        Assert.That(File.ReadAllText(PublicFile), Is.EqualTo(_key.PublicKey.ToString()));
    }

    [Test]
    public void An_existing_secret_is_never_overwritten_and_no_public_key_is_written()
    {
        File.WriteAllText(SecretFile, "precious");

        Assert.That(() => KeyPairFiles.Write(_key, SecretFile, PublicFile), Throws.InstanceOf<IOException>());

        Assert.That(File.ReadAllText(SecretFile), Is.EqualTo("precious"));
        Assert.That(File.Exists(PublicFile), Is.False);
    }

    [Test]
    public void When_the_public_key_cannot_be_written_no_secret_is_left_behind()
    {
        File.WriteAllText(PublicFile, "precious");

        Assert.That(() => KeyPairFiles.Write(_key, SecretFile, PublicFile), Throws.InstanceOf<IOException>());

        Assert.That(File.Exists(SecretFile), Is.False);
        Assert.That(File.ReadAllText(PublicFile), Is.EqualTo("precious"));
    }

    [Test]
    public void Both_names_must_differ()
    {
        Assert.That(() => KeyPairFiles.Write(_key, SecretFile, SecretFile), Throws.InstanceOf<IOException>());

        Assert.That(File.Exists(SecretFile), Is.False);
    }

    [Test]
    public void A_symbolic_link_to_nowhere_is_not_followed()
    {
        File.CreateSymbolicLink(SecretFile, _directory["elsewhere"]);

        Assert.That(() => KeyPairFiles.Write(_key, SecretFile, PublicFile), Throws.InstanceOf<IOException>());

        Assert.That(File.Exists(_directory["elsewhere"]), Is.False);
    }
}
