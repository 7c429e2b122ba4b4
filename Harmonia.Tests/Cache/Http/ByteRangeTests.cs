using System.Text;
using Harmonia.Cache.Http;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Http;

public sealed class ByteRangeTests
{
    private const long Size = 1000;

    [TestCase("bytes=0-0", 0, 1)]
    [TestCase("bytes=0-", 0, 1000)]
    [TestCase("bytes=0-999", 0, 1000)]
    [TestCase("bytes=10-19", 10, 10)]
    [TestCase("bytes=999-", 999, 1)]
    [TestCase("BYTES=1-2", 1, 2)]
    public void A_range_inside_the_body_is_taken(string header, long offset, long length) =>
        AssertPartial(header, offset, length);

    [TestCase("bytes=900-5000", 900, 100)]
    [TestCase("bytes=900-99999999999999999999999999", 900, 100)]
    public void A_range_that_ends_behind_the_body_is_clipped(string header, long offset, long length) =>
        AssertPartial(header, offset, length);

    [TestCase("bytes=-1", 999, 1)]
    [TestCase("bytes=-1000", 0, 1000)]
    [TestCase("bytes=-5000", 0, 1000)]
    [TestCase("bytes=-99999999999999999999999999", 0, 1000)]
    public void A_suffix_counts_from_the_end(string header, long offset, long length) =>
        AssertPartial(header, offset, length);

    [TestCase("bytes=10-19,30-39", 10, 10)]
    [TestCase("bytes=5000-,30-39", 30, 10)]
    [TestCase("bytes=-0,2000-3000, \t 30-39 ,", 30, 10)]
    [TestCase("bytes=,,7-7", 7, 1)]
    public void The_first_satisfiable_range_of_several_is_used(string header, long offset, long length) =>
        AssertPartial(header, offset, length);

    [TestCase("bytes=1000-")]
    [TestCase("bytes=1000-2000")]
    [TestCase("bytes=99999999999999999999999999-")]
    [TestCase("bytes=-0")]
    [TestCase("bytes=-0,1000-")]
    public void A_range_after_the_body_cannot_be_satisfied(string header) =>
        Assert.That(ByteRange.Parse(header, Size, out _), Is.EqualTo(RangeResult.Unsatisfiable));

    [TestCase("")]
    [TestCase("bytes")]
    [TestCase("bytes=")]
    [TestCase("bytes=,")]
    [TestCase("bytes=-")]
    [TestCase("bytes=a-b")]
    [TestCase("bytes=1")]
    [TestCase("bytes=2-1")]
    [TestCase("bytes=1-2-3")]
    [TestCase("bytes=+1-2")]
    [TestCase("bytes=1 - 2")]
    [TestCase("bytes=0x1-2")]
    [TestCase("bytes=1-2,x")]
    [TestCase("bytes =1-2")]
    [TestCase("items=0-1")]
    [TestCase("bytes=٣-")]
    public void Another_unit_and_bad_grammar_are_ignored(string header)
    {
        Assert.That(ByteRange.Parse(header, Size, out ByteRange range), Is.EqualTo(RangeResult.Whole));
        Assert.That(range, Is.EqualTo(new ByteRange(0, Size)));
    }

    [FsCheck.NUnit.Property(MaxTest = 2000)]
    public bool The_range_is_inside_the_body_for_every_header(byte[] header, long size)
    {
        size = Math.Max(0, size == long.MinValue ? 0 : Math.Abs(size));
        RangeResult result = ByteRange.Parse("bytes=" + Encoding.Latin1.GetString(header), size, out ByteRange range);
        return LiesInside(result, range, size);
    }

    [FsCheck.NUnit.Property(MaxTest = 2000)]
    public bool Any_two_numbers_make_a_range_inside_the_body(ulong first, ulong last, uint size)
    {
        RangeResult result = ByteRange.Parse($"bytes={first % 8}-{last % 8},{first}-,-{last}", size, out ByteRange range);
        return LiesInside(result, range, size);
    }

    private static bool LiesInside(RangeResult result, ByteRange range, long size) =>
        range.Offset >= 0 && range.Length >= 0 && range.Offset + range.Length <= size
        && (result != RangeResult.Partial || range.Length > 0);

    private static void AssertPartial(string header, long offset, long length)
    {
        Assert.That(ByteRange.Parse(header, Size, out ByteRange range), Is.EqualTo(RangeResult.Partial));
        Assert.That(range, Is.EqualTo(new ByteRange(offset, length)));
    }
}
