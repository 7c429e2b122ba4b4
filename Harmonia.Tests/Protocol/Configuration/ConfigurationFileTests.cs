using System.Text;
using Harmonia.Protocol.Configuration;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Configuration;

public sealed class ConfigurationFileTests
{
    private TemporaryDirectory _directory = null!;

    private string File => _directory["harmonia.toml"];

    [SetUp]
    public void MakeDirectory() => _directory = new TemporaryDirectory();

    [TearDown]
    public void RemoveDirectory() => _directory.Dispose();

    [TestCase("name = 'é😀'")]
    [TestCase("\uFEFFname = 'é😀'")]
    [TestCase("# é\r\nname = 'é😀'\r\n")]
    public void Text_is_read_with_or_without_a_byte_order_mark(string text)
    {
        System.IO.File.WriteAllBytes(File, Encoding.UTF8.GetBytes(text));

        Assert.That(ConfigurationFile.Read(File).String("name"), Is.EqualTo("é😀"));
    }

    [TestCase("1:3: expected UTF-8, but got the byte 0xFF", (byte)'#', (byte)' ', (byte)0xFF)]
    [TestCase("2:2: expected UTF-8, but got the byte 0xC0", (byte)'#', (byte)'\n', (byte)'#', (byte)0xC0, (byte)0x80)]
    [TestCase("1:2: expected UTF-8, but got the byte 0xED", (byte)'#', (byte)0xED, (byte)0xA0, (byte)0x80)]
    [TestCase("1:3: expected UTF-8, but got the byte 0xC3", (byte)'#', (byte)0xC3, (byte)0xA9, (byte)0xC3)]
    [TestCase("1:1: expected UTF-8, but got the byte 0xFF", (byte)0xEF, (byte)0xBB, (byte)0xBF, (byte)0xFF)]
    public void Invalid_UTF8_is_refused(string message, params byte[] bytes)
    {
        System.IO.File.WriteAllBytes(File, bytes);

        Assert.That(() => ConfigurationFile.Read(File), Throws.TypeOf<ConfigurationException>().With.Message.EqualTo($"{File}:{message}"));
    }

    [TestCase("/dev/zero", "The file is longer than 1048576 bytes.")]
    [TestCase("/", "denied")]
    [TestCase("/none.toml", "Could not find")]
    public void Unreadable_file_is_one_error_that_names_it(string file, string reason) =>
        Assert.That(
            () => ConfigurationFile.Read(file),
            Throws.TypeOf<ConfigurationException>().With.Message.StartsWith($"{file}: the configuration file cannot be read: ")
                .And.Message.Contains(reason).And.Message.Not.Contains("\n"));
}
