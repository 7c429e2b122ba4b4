using Harmonia.Cache.NarInfo;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.NarInfo;

public sealed class NarInfoSignerTests
{
    [Test]
    public void A_key_of_Nix_makes_the_signature_that_Nix_made()
    {
        using SecretKey key = SecretKey.Parse(SamplePaths.SecretKey);

        Assert.That(Sign(SamplePaths.WithReference, key), Is.EqualTo(new[] { SamplePaths.Signature }));
    }

    [Test]
    public void Every_key_signs_beside_the_signatures_of_the_database()
    {
        using SecretKey first = SecretKey.Generate("z.example.com-1");
        using SecretKey second = SecretKey.Generate("a.example.com-1");
        byte[] fingerprint = Fingerprint.Of(StoreDirectory.Default, SamplePaths.Full);

        Signature[] signatures = [.. Sign(SamplePaths.Full, first, second).Select(text => Signature.Parse(text))];

        Assert.That(
            signatures.Select(signature => signature.KeyName),
            Is.EqualTo(new[] { "a.example.com-1", "cache.nixos.org-1", "z.example.com-1" }));
        Assert.That(second.PublicKey.Verify(fingerprint, signatures[0]));
        Assert.That(first.PublicKey.Verify(fingerprint, signatures[2]));
    }

    [Test]
    public void A_signature_that_the_database_has_already_is_not_doubled()
    {
        using SecretKey key = SecretKey.Parse(SamplePaths.SecretKey);
        ValidPathInfo path = SamplePaths.WithReference with
        {
            Info = SamplePaths.WithReference.Info with { Signatures = [SamplePaths.Signature] },
        };

        Assert.That(Sign(path, key), Is.EqualTo(new[] { SamplePaths.Signature }));
    }

    [Test]
    public void A_signature_by_the_same_name_over_something_else_stays_beside_the_new_one()
    {
        using SecretKey key = SecretKey.Parse(SamplePaths.SecretKey);
        string stale = key.Sign([1, 2, 3]).ToString();
        ValidPathInfo path = SamplePaths.WithReference with { Info = SamplePaths.WithReference.Info with { Signatures = [stale] } };

        Assert.That(Sign(path, key), Is.EquivalentTo(new[] { stale, SamplePaths.Signature }));
    }

    [Test]
    public void Text_that_is_not_a_signature_is_left_out() =>
        Assert.That(Sign(SamplePaths.Full), Is.EqualTo(new[] { SamplePaths.OtherSignature }));

    [Test]
    public void Signatures_by_one_name_are_sorted_by_their_bytes()
    {
        string low = $"k:{Convert.ToBase64String([1, .. new byte[63]])}";
        string high = $"k:{Convert.ToBase64String([0xFB, .. new byte[63]])}";
        ValidPathInfo path = SamplePaths.Bare with { Info = SamplePaths.Bare.Info with { Signatures = [low, high] } };

        Assert.That(Sign(path), Is.EqualTo(new[] { low, high }));
    }

    private static string[] Sign(ValidPathInfo path, params SecretKey[] keys) =>
        [.. new NarInfoSigner(StoreDirectory.Default, keys).Sign(path).Signatures.Select(signature => signature.ToString())];
}
