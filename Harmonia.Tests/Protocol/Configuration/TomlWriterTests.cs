using FsCheck;
using FsCheck.Fluent;
using Harmonia.Protocol.Configuration;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Configuration;

public sealed class TomlWriterTests
{
    // Four levels of FsCheck's usual hundred items would be a hundred million values.
    private const int ItemsPerLevel = 6;

    [Test]
    public void Table_is_written_with_its_values_before_its_sub_tables()
    {
        TomlTable zstd = new();
        zstd.Add("level", new TomlInteger(-3));
        TomlTable inner = new();
        inner.Add("a b", new TomlBoolean(true));
        zstd.Add("in ner", inner);
        TomlTable root = new();
        root.Add("zstd", zstd);
        root.Add("bind", new TomlString("[::]:5000"));
        root.Add("keys", new TomlArray([new TomlString("/a"), new TomlString("/b\n\"\\")]));
        root.Add("", new TomlArray([inner, new TomlTable()]));

        Assert.That(TomlWriter.Write(root), Is.EqualTo(
            """
            bind = "[::]:5000"
            keys = ["/a", "/b\n\"\\"]
            "" = [{ "a b" = true }, {}]

            [zstd]
            level = -3

            [zstd."in ner"]
            "a b" = true

            """));
    }

    [Test]
    public void Empty_table_is_written_as_nothing() => Assert.That(TomlWriter.Write(new TomlTable()), Is.Empty);

    [TestCase("plain", "\"plain\"")]
    [TestCase("\0\u001F\u007F\u0080\t\b", "\"\\u0000\\u001F\\u007F\\u0080\\t\\u0008\"")]
    [TestCase("é😀'", "\"é😀'\"")]
    public void Text_is_quoted(string text, string quoted) => Assert.That(TomlWriter.Quote(text), Is.EqualTo(quoted));

    [Test]
    public void Lone_surrogate_is_refused() =>
        Assert.That(() => TomlWriter.Quote("a\uDC00"), Throws.ArgumentException.With.Message.StartsWith("Text has a lone surrogate at 1."));

    [FsCheck.NUnit.Property(MaxTest = 1000)]
    public FsCheck.Property What_is_written_is_read_back() =>
        Prop.ForAll(Tables(depth: 3).Resize(ItemsPerLevel).ToArbitrary(), table => TomlOutline.Of(TomlWriter.Write(table)) == TomlOutline.Of(table));

    private static Gen<TomlTable> Tables(int depth) =>
        from keys in Texts.ListOf()
        from values in Values(depth).ListOf(keys.Count)
        select Table(keys.Zip(values));

    private static Gen<TomlValue> Values(int depth)
    {
        Gen<TomlValue> scalars = Gen.OneOf(
            Texts.Select(text => (TomlValue)new TomlString(text)),
            ArbMap.Default.GeneratorFor<long>().Select(number => (TomlValue)new TomlInteger(number)),
            ArbMap.Default.GeneratorFor<double>().Select(number => (TomlValue)new TomlFloat(number)),
            ArbMap.Default.GeneratorFor<bool>().Select(boolean => (TomlValue)new TomlBoolean(boolean)),
            ArbMap.Default.GeneratorFor<DateTime>().Select(time => (TomlValue)new TomlLocalDateTime(Unspecified(time))),
            ArbMap.Default.GeneratorFor<DateTime>().Select(time => (TomlValue)new TomlLocalDate(DateOnly.FromDateTime(time))),
            ArbMap.Default.GeneratorFor<DateTime>().Select(time => (TomlValue)new TomlLocalTime(TimeOnly.FromDateTime(time))),
            from time in ArbMap.Default.GeneratorFor<DateTime>()
            from minutes in Gen.Choose(-1439, 1439)
            select (TomlValue)new TomlOffsetDateTime(Unspecified(time), TimeSpan.FromMinutes(minutes)));
        return depth == 0
            ? scalars
            : Gen.OneOf(
                scalars,
                Values(depth - 1).ListOf().Select(items => (TomlValue)new TomlArray(items)),
                Tables(depth - 1).Select(table => (TomlValue)table));
    }

    private static Gen<string> Texts =>
        ArbMap.Default.GeneratorFor<UnicodeString>().Select(text => string.Concat((text.Get ?? "").EnumerateRunes()));

    private static DateTime Unspecified(DateTime time) => DateTime.SpecifyKind(time, DateTimeKind.Unspecified);

    private static TomlTable Table(IEnumerable<(string Key, TomlValue Value)> entries)
    {
        TomlTable table = new();
        foreach ((string key, TomlValue value) in entries.DistinctBy(entry => entry.Key))
        {
            table.Add(key, value);
        }

        return table;
    }
}
