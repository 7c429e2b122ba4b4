using Harmonia.Daemon.Store;
using NUnit.Framework;

namespace Harmonia.Tests.Daemon.Database;

/// <summary>The database's file gets smaller when most of it is free.</summary>
public sealed class VacuumTests
{
    [TestCase(true)]
    [TestCase(false)]
    public void The_file_is_rewritten_if_most_of_it_is_free(bool isFree)
    {
        using SampleStore store = new();
        store.Execute(
            "create table Filler (text)",
            "with recursive n(i) as (select 1 union all select i + 1 from n where i < 6000) insert into Filler select randomblob(4000) from n",
            isFree ? "delete from Filler" : "delete from Filler where rowid % 3 = 0",
            "pragma wal_checkpoint(truncate)");
        long before = new FileInfo(store.DatabasePath).Length;
        StoreRegistry registry = store.Services.Registry;

        registry.Vacuum();

        long after = new FileInfo(store.DatabasePath).Length;
        Assert.That(after, isFree ? Is.LessThan(before / 10) : Is.EqualTo(before));
        Assert.That(store.Services.Database.IsValidPath(SampleStore.Top), Is.True);
        registry.Change(registration => Assert.That(registration.TryInvalidate(SampleStore.Top), Is.True));
    }
}
