using System.Text;
using Harmonia.Daemon.Adding;
using Harmonia.Protocol.Store;
using NUnit.Framework;

namespace Harmonia.Tests.Daemon.Adding;

public sealed class SelfReferenceSearchTests
{
    private const string Part = Beginning + "z";
    private const string Beginning = "7h7qgvs4kgzsn8a6rb273saxyqh4jxl";

    [TestCase("", Part, "")]
    [TestCase("x", Part, "y")]
    [TestCase(Beginning + "!", Part, "")]
    [TestCase("7h7", Part, Part)]
    public void It_is_found_however_its_bytes_arrive(string before, string part, string after)
    {
        byte[] content = Encoding.ASCII.GetBytes(before + part + after);
        for (int size = 1; size <= content.Length; size++)
            Assert.That(IsFound(content, size), $"pieces of {size}");
    }

    [TestCase("")]
    [TestCase(Beginning)]
    [TestCase("z" + Beginning + Beginning)]
    public void What_is_not_there_is_not_found(string content)
    {
        for (int size = 1; size <= content.Length + 1; size++)
            Assert.That(IsFound(Encoding.ASCII.GetBytes(content), size), Is.False, $"pieces of {size}");
    }

    [Test]
    public void Nothing_is_found_for_an_unknown_path()
    {
        SelfReferenceSearch search = new(self: null);
        search.Append(Encoding.ASCII.GetBytes(Part));

        Assert.That(search.IsFound, Is.False);
    }

    private static bool IsFound(byte[] content, int size)
    {
        SelfReferenceSearch search = new(StorePathHash.Parse(Part));
        foreach (byte[] piece in content.Chunk(size))
            search.Append(piece);
        return search.IsFound;
    }
}
