using System.Text;
using Harmonia.Protocol.Store;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Store;

public sealed class DerivationTests
{
    private const string Top =
        """Derive([("dev","/nix/store/8h43zk71wb416jh3s8vrd3vgrw49xjfx-top-dev","",""),("out","/nix/store/1hkfnd2axflpmdlm5pdbrpsaq7bcqfn3-top","","")],[("/nix/store/azdpyp9cy2fw7j3brll4z8waj9dxpdww-fod.drv",["out"]),("/nix/store/p2qkh6lklg7zljx468xsl3gwif574nq4-dep.drv",["dev","out"])],["/nix/store/i9pmrzmpshapij2kin22pff6fc2adavx-hello.txt"],"x86_64-linux","/bin/sh",["-c","echo \"x\" > $out\\n\n"],[("builder","/bin/sh"),("name","top")])""";

    [Test]
    public void Outputs_and_input_derivations_are_read()
    {
        Derivation derivation = Parse(Top);

        Assert.That(derivation.Outputs.Select(output => output.Name), Is.EqualTo(["dev", "out"]));
        Assert.That(derivation.Outputs[1].Path, Is.EqualTo(StorePath.Parse("1hkfnd2axflpmdlm5pdbrpsaq7bcqfn3-top")));
        Assert.That(derivation.InputDerivations, Has.Count.EqualTo(2));
        Assert.That(
            derivation.InputDerivations[StorePath.Parse("p2qkh6lklg7zljx468xsl3gwif574nq4-dep.drv")], Is.EqualTo(["dev", "out"]));
    }

    [Test]
    public void Outputs_known_only_after_the_build_have_no_path()
    {
        Derivation derivation = Parse("""Derive([("out","","r:sha256","")],[],[],"x86_64-linux","/bin/sh",[],[("out","/1rz")])""");

        Assert.That(derivation.Outputs, Is.EqualTo(new[] { new DerivationOutput("out", null, "r:sha256", "") }));
    }

    [Test]
    public void Escapes_are_resolved_but_in_variables()
    {
        Derivation derivation = Parse("""Derive([("\o\ut","","","")],[],[],"","",[],[("x","a\n\"b")])""");

        Assert.That(derivation.Outputs[0].Name, Is.EqualTo("out"));
        Assert.That(derivation.EnvironmentValue("x"), Is.EqualTo("""a\n\"b"""));
    }

    [Test]
    public void Variables_need_not_be_UTF_8()
    {
        Derivation derivation = Derivation.Parse([.. "Derive([],[],[],\"\",\"\",[],[(\"x\",\""u8, 0xff, .. "\")])"u8], StoreDirectory.Default);

        Assert.That(derivation.EnvironmentValue("x"), Is.EqualTo("\u00ff"));
    }

    [Test]
    public void A_text_cut_anywhere_is_refused()
    {
        for (int length = 0; length < Top.Length; length++)
            Assert.That(() => Parse(Top[..length]), Throws.InstanceOf<FormatException>(), $"cut at {length}");
    }

    [TestCase("Derive([],[],[],\"\",\"\",[],[]) ", TestName = "Anything_behind_the_end_is_refused")]
    [TestCase("DrvWithVersion(\"xp-dyn-drv\",[],[],[],\"\",\"\",[],[])", TestName = "Dynamic_inputs_are_refused")]
    [TestCase("Derive([(\"out\",\"\",\"\",\"\"),(\"out\",\"\",\"\",\"\")],[],[],\"\",\"\",[],[])", TestName = "An_output_that_comes_twice_is_refused")]
    [TestCase("Derive([(\"a\\n\",\"\",\"\",\"\")],[],[],\"\",\"\",[],[])", TestName = "A_name_that_no_output_can_have_is_refused")]
    [TestCase("Derive([(\"out\",\"/elsewhere/1hkfnd2axflpmdlm5pdbrpsaq7bcqfn3-top\",\"\",\"\")],[],[],\"\",\"\",[],[])", TestName = "An_output_outside_the_store_is_refused")]
    [TestCase("Derive([,],[],[],\"\",\"\",[],[])", TestName = "A_comma_without_an_element_is_refused")]
    [TestCase("Derive([(\"out\",\"\",\"\",\"\"),],[],[],\"\",\"\",[],[])", TestName = "A_comma_behind_the_last_element_is_refused")]
    public void Malformed_text_is_refused(string text) =>
        Assert.That(() => Parse(text), Throws.InstanceOf<FormatException>());

    private static Derivation Parse(string text) => Derivation.Parse(Encoding.UTF8.GetBytes(text), StoreDirectory.Default);
}
