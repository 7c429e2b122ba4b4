using Harmonia.Daemon.Database;
using NUnit.Framework;

namespace Harmonia.Tests.Daemon.Database;

/// <summary>Ids find their numbers, however they are spread.</summary>
public sealed class IdNumbersTests
{
    private static readonly long[][] Cases =
    [
        [],
        [7],
        [1, 2, 3],
        [-5, 0, 5],
        [long.MinValue, -1, 0, 1, long.MaxValue],
        [.. Enumerable.Range(0, 1000).Select(n => 3L * n)],
        [.. Enumerable.Range(1, 100).Select(n => n < 50 ? n : 1L << (n - 40))],
    ];

    [TestCaseSource(nameof(Cases))]
    public void Ids_that_exist_have_their_number_and_all_others_none(params long[] ids)
    {
        IdNumbers numbers = new([.. ids]);

        Assert.That(ids.Select(numbers.Find), Is.EqualTo(Enumerable.Range(0, ids.Length)));
        foreach (long other in ids.SelectMany(id => new[] { unchecked(id - 1), unchecked(id + 1), unchecked(id + 64), unchecked(id + 6400) }).Except(ids))
            Assert.That(numbers.Find(other), Is.EqualTo(-1), $"{other}");
    }
}
