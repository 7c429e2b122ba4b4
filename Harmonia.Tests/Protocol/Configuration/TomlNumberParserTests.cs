using Harmonia.Protocol.Configuration;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Configuration;

public sealed class TomlNumberParserTests
{
    [TestCase("+99", 99)]
    [TestCase("42", 42)]
    [TestCase("0", 0)]
    [TestCase("+0", 0)]
    [TestCase("-0", 0)]
    [TestCase("-17", -17)]
    [TestCase("1_000", 1000)]
    [TestCase("5_349_221", 5349221)]
    [TestCase("53_49_221", 5349221)]
    [TestCase("1_2_3_4_5", 12345)]
    [TestCase("0xDEADBEEF", 0xDEADBEEF)]
    [TestCase("0xdeadbeef", 0xDEADBEEF)]
    [TestCase("0xdead_beef", 0xDEADBEEF)]
    [TestCase("0x00e1", 0xE1)]
    [TestCase("0o01234567", 342391)]
    [TestCase("0o755", 493)]
    [TestCase("0b11010110", 0xD6)]
    [TestCase("9223372036854775807", long.MaxValue)]
    [TestCase("-9223372036854775808", long.MinValue)]
    [TestCase("0x7fff_ffff_ffff_ffff", long.MaxValue)]
    public void Integer_is_read(string toml, long value) =>
        Assert.That(Read(toml), Is.InstanceOf<TomlInteger>().With.Property(nameof(TomlInteger.Value)).EqualTo(value));

    [TestCase("+1.0", 1.0)]
    [TestCase("3.1415", 3.1415)]
    [TestCase("-0.01", -0.01)]
    [TestCase("5e+22", 5e+22)]
    [TestCase("1e06", 1e6)]
    [TestCase("-2E-2", -2e-2)]
    [TestCase("6.626e-34", 6.626e-34)]
    [TestCase("224_617.445_991_228", 224617.445991228)]
    [TestCase("0e0", 0.0)]
    [TestCase("1.0_0e1_0", 1e10)]
    [TestCase("inf", double.PositiveInfinity)]
    [TestCase("+inf", double.PositiveInfinity)]
    [TestCase("-inf", double.NegativeInfinity)]
    [TestCase("nan", double.NaN)]
    [TestCase("+nan", double.NaN)]
    [TestCase("-nan", double.NaN)]
    public void Float_is_read(string toml, double value) =>
        Assert.That(Read(toml), Is.InstanceOf<TomlFloat>().With.Property(nameof(TomlFloat.Value)).EqualTo(value));

    [Test]
    public void Negative_zero_keeps_its_sign() =>
        Assert.That(Read("-0.0") is TomlFloat { Value: 0.0 } zero && double.IsNegative(zero.Value), Is.True);

    [TestCase("042", "1:5: expected a number without leading zeros, but got '042'")]
    [TestCase("-01", "1:6: expected a number without leading zeros, but got '-01'")]
    [TestCase("03.14", "1:5: expected a number without leading zeros, but got '03.14'")]
    [TestCase("0_1", "1:5: expected a number without leading zeros, but got '0_1'")]
    [TestCase("1__0", "1:7: expected a digit after an underscore, but got '1__0'")]
    [TestCase("1_", "1:7: expected a digit after an underscore, but got '1_'")]
    [TestCase("_1", "1:5: expected a value (text needs quotes; true, false, inf and nan are lower-case), but got '_1'")]
    [TestCase("0x_1", "1:7: expected a hexadecimal integer, but got '0x_1'")]
    [TestCase("0xG", "1:7: expected a hexadecimal integer, but got '0xG'")]
    [TestCase("0X1", "1:6: expected an integer, but got '0X1'")]
    [TestCase("0o8", "1:7: expected an octal integer, but got '0o8'")]
    [TestCase("0b12", "1:8: expected a binary integer, but got '0b12'")]
    [TestCase("+0x1", "1:7: expected an integer, but got '+0x1'")]
    [TestCase("-0b1", "1:7: expected an integer, but got '-0b1'")]
    [TestCase("+", "1:6: expected an integer, but got '+'")]
    [TestCase("--1", "1:6: expected an integer, but got '--1'")]
    [TestCase("1a", "1:6: expected an integer, but got '1a'")]
    [TestCase("9223372036854775808", "1:5: expected an integer from -9223372036854775808 to 9223372036854775807, but got '9223372036854775808'")]
    [TestCase("-9223372036854775809", "1:5: expected an integer from -9223372036854775808 to 9223372036854775807, but got '-9223372036854775809'")]
    [TestCase("0x8000000000000000", "1:5: expected an integer from -9223372036854775808 to 9223372036854775807, but got '0x8000000000000000'")]
    [TestCase("0x1_0000_0000_0000_0000_0000", "1:5: expected an integer from -9223372036854775808 to 9223372036854775807, but got '0x1_0000_0000_0000_0000_0000'")]
    [TestCase(".7", "1:5: expected a float with digits on both sides of its point, but got '.7'")]
    [TestCase("7.", "1:7: expected a float with digits on both sides of its point, but got '7.'")]
    [TestCase("3.e+20", "1:7: expected a float with digits on both sides of its point, but got '3.e+20'")]
    [TestCase("1._5", "1:7: expected a float with digits on both sides of its point, but got '1._5'")]
    [TestCase("1_.5", "1:7: expected a digit after an underscore, but got '1_.5'")]
    [TestCase("1.2.3", "1:8: expected a float, but got '1.2.3'")]
    [TestCase("1e", "1:7: expected a float with digits in its exponent, but got '1e'")]
    [TestCase("1e2.3", "1:8: expected a float, but got '1e2.3'")]
    [TestCase("Inf", "1:5: expected a value (text needs quotes; true, false, inf and nan are lower-case), but got 'Inf'")]
    [TestCase("True", "1:5: expected a value (text needs quotes; true, false, inf and nan are lower-case), but got 'True'")]
    [TestCase("yes", "1:5: expected a value (text needs quotes; true, false, inf and nan are lower-case), but got 'yes'")]
    public void Malformed_number_is_refused(string toml, string message) =>
        Assert.That(TomlFailure.Of("n = " + toml), Is.EqualTo(message));

    private static TomlValue? Read(string toml) => TomlReader.Parse("n = " + toml, "test.toml").Find("n")?.Value;
}
