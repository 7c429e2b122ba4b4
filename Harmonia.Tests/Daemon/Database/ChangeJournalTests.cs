using Harmonia.Daemon.Database;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Daemon.Database;

/// <summary>A bounded memory of changes names all of them or says that it can't.</summary>
public sealed class ChangeJournalTests
{
    private const int Capacity = 5;

    private ChangeJournal _journal = null!;

    [SetUp]
    public void Begin()
    {
        _journal = new ChangeJournal(Capacity);
        _journal.Forget(10);
    }

    [Test]
    public void Changes_after_a_generation_are_named_once_each()
    {
        _journal.Add(11, Hashes(1, 2));
        _journal.Add(13, Hashes(2, 3));

        Assert.That(_journal.Since(9), Is.Null);
        Assert.That(_journal.Since(10), Is.EquivalentTo(Hashes(1, 2, 3)));
        Assert.That(_journal.Since(11), Is.EquivalentTo(Hashes(2, 3)));
        Assert.That(_journal.Since(12), Is.EquivalentTo(Hashes(2, 3)));
        Assert.That(_journal.Since(13), Is.Empty);
    }

    [Test]
    public void What_no_longer_fits_is_not_known_at_all()
    {
        _journal.Add(11, Hashes(1, 2, 3));
        _journal.Add(12, Hashes(4));
        _journal.Add(13, Hashes(5, 6));

        Assert.That(_journal.Since(10), Is.Null, "One of the first three is forgotten.");
        Assert.That(_journal.Since(11), Is.EquivalentTo(Hashes(4, 5, 6)));
        _journal.Add(14, Hashes(7, 8, 9, 10, 11));
        Assert.That(_journal.Since(12), Is.Null);
        Assert.That(_journal.Since(13), Is.EquivalentTo(Hashes(7, 8, 9, 10, 11)));
    }

    [Test]
    public void A_change_of_more_paths_than_fit_is_one_of_any_path()
    {
        _journal.Add(11, Hashes(1));
        _journal.Add(12, Hashes(1, 2, 3, 4, 5, 6));

        Assert.That(_journal.Since(11), Is.Null);
        Assert.That(_journal.Since(12), Is.Empty);
    }

    [Test]
    public void Long_use_names_what_a_memory_without_bounds_would()
    {
        Random random = new(1);
        List<(ulong Generation, StorePathHash Hash)> all = [];
        for (ulong generation = 11; generation < 500; generation++)
        {
            StorePathHash[] changed = Hashes([.. Enumerable.Range(0, random.Next(4)).Select(_ => random.Next(20))]);
            _journal.Add(generation, changed);
            all.AddRange(changed.Select(hash => (generation, hash)));
            for (ulong known = generation - 1; known <= generation; known++)
                Assert.That(_journal.Since(known), Is.EquivalentTo(all.Where(change => change.Generation > known).Select(change => change.Hash).Distinct()));
        }
    }

    private static StorePathHash[] Hashes(params int[] numbers) => [.. numbers.Select(FakeStore.Hash)];
}
