using Harmonia.Protocol.Store;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Store;

public sealed class UnkeyedValidPathInfoTests
{
    private static readonly StorePath First = StorePath.Parse("1p9q0bz6f22dyxh4lw8xs08p4201vyq4-z");
    private static readonly StorePath Second = StorePath.Parse("xp0dpr9yz5h0fk5c5lpj7zzqjbdh3w8c-a");

    [Test]
    public void References_and_signatures_are_sets_in_ascending_order()
    {
        UnkeyedValidPathInfo info = Make([Second, First, Second], ["b:x", "B:x", "b:x"]);

        Assert.That(info.References, Is.EqualTo([First, Second]));
        Assert.That(info.Signatures, Is.EqualTo(["B:x", "b:x"]));
        Assert.That(Make([First, First, Second], []).References, Is.EqualTo([First, Second]));
    }

    [Test]
    public void Equality_is_by_value()
    {
        UnkeyedValidPathInfo info = Make([First, Second], ["b:x"]);

        Assert.That(info, Is.EqualTo(Make([Second, First], ["b:x"])));
        Assert.That(info.GetHashCode(), Is.EqualTo(Make([Second, First], ["b:x"]).GetHashCode()));
        Assert.That(info, Is.Not.EqualTo(Make([First], ["b:x"])));
        Assert.That(info, Is.Not.EqualTo(Make([First, Second], [])));
        Assert.That(info, Is.Not.EqualTo(info with { NarHash = NarHash.Of([1]) }));
        Assert.That(info, Is.Not.EqualTo(info with { NarSize = 1 }));
        Assert.That(info, Is.Not.EqualTo(info with { RegistrationTime = 1 }));
        Assert.That(info, Is.Not.EqualTo(info with { Ultimate = true }));
        Assert.That(info, Is.Not.EqualTo(info with { Deriver = First }));
        Assert.That(info, Is.Not.EqualTo(info with { ContentAddress = new(ContentAddressMethod.Nar, Hash.Of(HashAlgorithm.Sha256, [])) }));
    }

    private static UnkeyedValidPathInfo Make(StorePath[] references, string[] signatures) =>
        new() { NarHash = NarHash.Of([]), References = references, Signatures = signatures };
}
