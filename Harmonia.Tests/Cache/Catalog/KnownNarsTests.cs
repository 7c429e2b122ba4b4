using Harmonia.Cache.Catalog;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Catalog;

public sealed class KnownNarsTests
{
    private readonly KnownNars _known = new(capacity: 10);

    [Test]
    public void A_path_is_found_by_its_nar()
    {
        _known.Add(Nar(1), FakeStore.Hash(1));

        Assert.That(_known.TryFind(Nar(1), out StorePathHash path));
        Assert.That(path, Is.EqualTo(FakeStore.Hash(1)));
        Assert.That(_known.TryFind(Nar(2), out _), Is.False);
    }

    [Test]
    public void As_many_as_the_capacity_are_kept_and_at_most_twice_as_many()
    {
        for (int i = 0; i < 1000; i++)
            _known.Add(Nar(i), FakeStore.Hash(i));

        Assert.That(Enumerable.Range(990, 10).Count(i => _known.TryFind(Nar(i), out _)), Is.EqualTo(10));
        Assert.That(Enumerable.Range(0, 1000).Count(i => _known.TryFind(Nar(i), out _)), Is.LessThanOrEqualTo(20));
    }

    [Test]
    public void An_entry_in_frequent_use_stays()
    {
        _known.Add(Nar(-1), FakeStore.Hash(-1));

        for (int i = 0; i < 1000; i++)
        {
            _known.Add(Nar(i), FakeStore.Hash(i));
            Assert.That(_known.TryFind(Nar(-1), out _));
        }
    }

    private static NarHash Nar(int number) => NarHash.Of(BitConverter.GetBytes(number));
}
