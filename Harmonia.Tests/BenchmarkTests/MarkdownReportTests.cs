using Harmonia.Benchmarks.Servers.Reports;
using NUnit.Framework;

namespace Harmonia.Tests.BenchmarkTests;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class MarkdownReportTests
{
    private readonly Results _results = new();

    [Test]
    public void Works_stand_in_one_table_with_ratios_of_medians()
    {
        AddRounds("narinfo hit", "nginx", CostUnit.MicrosecondsPerRequest, 9, 11, 10);
        AddRounds("narinfo hit", "harmonia", CostUnit.MicrosecondsPerRequest, 14, 16);
        AddRounds("one file", "nginx", CostUnit.SecondsPerGigabyte, 0.5);
        AddRounds("one file", "harmonia", CostUnit.SecondsPerGigabyte, 0.25);

        Assert.That(new MarkdownReport("nginx").Write(_results), Is.EqualTo("""
            | work | server | CPU, median (least to most) | × nginx | rate | p50 | p99 |
            |---|---|---|---|---|---|---|
            | narinfo hit | nginx | 10.0 µs (9.00 to 11.0) | 1.00 | 5000 /s | 20.0 µs | 3.00 ms |
            |  | harmonia | 15.0 µs (14.0 to 16.0) | 1.50 | 5000 /s | 20.0 µs | 3.00 ms |
            | one file | nginx | 0.50 s/GB (0.50 to 0.50) | 1.00 | 5000 MB/s | 20.0 µs | 3.00 ms |
            |  | harmonia | 0.25 s/GB (0.25 to 0.25) | 0.50 | 5000 MB/s | 20.0 µs | 3.00 ms |

            """));
    }

    [Test]
    public void A_work_that_the_yardstick_did_not_do_has_no_ratio()
    {
        AddRounds("zstd", "harmonia", CostUnit.SecondsPerGigabyte, 5);

        Assert.That(new MarkdownReport("nginx").Write(_results), Does.Contain("| zstd | harmonia | 5.00 s/GB (5.00 to 5.00) |  | 5000 MB/s |"));
    }

    [Test]
    public void A_free_yardstick_gives_no_ratio()
    {
        AddRounds("narinfo hit", "nginx", CostUnit.MicrosecondsPerRequest, 0);
        AddRounds("narinfo hit", "harmonia", CostUnit.MicrosecondsPerRequest, 14);

        Assert.That(new MarkdownReport("nginx").Write(_results), Does.Contain("|  | harmonia | 14.0 µs (14.0 to 14.0) |  | 5000 /s |"));
    }

    [Test]
    public void Other_values_have_a_table_for_each_title()
    {
        _results.Add("memory, MB", "idle", 40);
        _results.Add("start, ms", "wall time", 30);
        _results.Add("memory, MB", "under load", 100);
        _results.Add("start, ms", "wall time", 50);

        Assert.That(new MarkdownReport("").Write(_results), Is.EqualTo("""
            | memory, MB | median |
            |---|---|
            | idle | 40.0 |
            | under load | 100 |

            | start, ms | median |
            |---|---|
            | wall time | 40.0 |

            """));
    }

    [Test]
    public void An_empty_line_parts_the_tables()
    {
        _results.Add("memory, MB", "idle", 40);
        AddRounds("narinfo hit", "nginx", CostUnit.MicrosecondsPerRequest, 10);

        Assert.That(new MarkdownReport("nginx").Write(_results), Does.Contain("3.00 ms |\n\n| memory, MB | median |\n"));
    }

    private void AddRounds(string work, string server, CostUnit unit, params double[] costs)
    {
        foreach (double cost in costs)
            _results.Add(work, server, new Measurement(unit, cost, 5000, 20, 3000));
    }
}
