using System.Security.Cryptography;
using Harmonia.Protocol.Nar;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Nar;

public sealed class NarHasherTests
{
    [Test]
    public void Tree_has_the_known_hash_and_size()
    {
        using ByteTree tree = new();
        tree.AddRootFile("hello\n"u8);
        byte[] hash = new byte[NarHasher.HashLength];

        Assert.That(NarHasher.HashTree(tree.PathBytes, hash, CancellationToken.None), Is.EqualTo(120));
        Assert.That(Convert.ToHexStringLower(hash), Is.EqualTo("1c37d01af40be2e80691de3cc3df44377a699afbb17c68f080964b2fd071fc13"));
    }

    [Test]
    public void Bytes_in_pieces_have_the_hash_of_the_whole()
    {
        byte[] data = SampleTrees.Pattern(10_000);
        byte[] hash = new byte[NarHasher.HashLength];
        using NarHasher hasher = new();
        foreach (byte[] piece in data.Chunk(999))
            hasher.Append(piece);

        Assert.That(hasher.Size, Is.EqualTo(10_000));
        Assert.That(hasher.Finish(hash), Is.EqualTo(10_000));
        Assert.That(hash, Is.EqualTo(SHA256.HashData(data)));
        Assert.That(hasher.Finish(hash), Is.Zero, "it starts again");
        Assert.That(hash, Is.EqualTo(SHA256.HashData([])));
    }

    [Test]
    public void Cancelled_hashing_ends()
    {
        using ByteTree tree = ByteTree.WithKnownDirectory();

        Assert.That(
            () => NarHasher.HashTree(tree.PathBytes, new byte[NarHasher.HashLength], new CancellationToken(canceled: true)),
            Throws.InstanceOf<OperationCanceledException>());
    }
}
