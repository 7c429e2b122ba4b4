using System.Text;
using Harmonia.Daemon.Building;
using Harmonia.Protocol.Messages.Building;
using Harmonia.Protocol.Store;
using NUnit.Framework;
using static Harmonia.Tests.Daemon.SampleStore;

namespace Harmonia.Tests.Daemon.Building;

public sealed class DerivationTextTests
{
    [Test]
    public void A_derivation_is_written_as_Nix_writes_it()
    {
        BasicDerivation derivation = new()
        {
            Outputs = [new BasicDerivationOutput("dev", "", "r:sha256", ""), new BasicDerivationOutput("out", "", "r:sha256", "")],
            InputSources = [Library, Top],
            Platform = "x86_64-linux",
            Builder = Bytes("/bin/sh"),
            Arguments = [Bytes("-c"), Bytes("a\"b\\c\nd\te\rf é")],
            Environment = [new(Bytes("a"), Bytes("1")), new(Bytes("b"), Bytes(""))],
        };

        string text = Encoding.UTF8.GetString(DerivationText.Of(derivation, StoreDirectory.Default));

        string sources = $"[\"{Print(Library)}\",\"{Print(Top)}\"]";
        Assert.That(text, Is.EqualTo(
            $$"""Derive([("dev","","r:sha256",""),("out","","r:sha256","")],[],{{sources}},"x86_64-linux","/bin/sh",["-c","a\"b\\c\nd\te\rf é"],[("a","1"),("b","")])"""));
        Assert.That(Derivation.Parse(Encoding.UTF8.GetBytes(text), StoreDirectory.Default).Outputs, Has.Count.EqualTo(2));
    }

    private static ReadOnlyMemory<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
