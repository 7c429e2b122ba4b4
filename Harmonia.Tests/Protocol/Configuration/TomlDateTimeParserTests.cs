using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Configuration;

public sealed class TomlDateTimeParserTests
{
    [TestCase("1979-05-27T07:32:00Z", "1979-05-27T07:32:00.0000000 offset 00:00:00")]
    [TestCase("1979-05-27T00:32:00-07:00", "1979-05-27T00:32:00.0000000 offset -07:00:00")]
    [TestCase("1979-05-27T00:32:00.999999-07:00", "1979-05-27T00:32:00.9999990 offset -07:00:00")]
    [TestCase("1979-05-27 07:32:00Z", "1979-05-27T07:32:00.0000000 offset 00:00:00")]
    [TestCase("1979-05-27t07:32:00z", "1979-05-27T07:32:00.0000000 offset 00:00:00")]
    [TestCase("1979-05-27T07:32:00+23:59", "1979-05-27T07:32:00.0000000 offset 23:59:00")]
    [TestCase("0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00.0000000 offset 14:00:00")]
    [TestCase("1979-05-27T07:32:00", "1979-05-27T07:32:00.0000000")]
    [TestCase("1979-05-27 07:32:00 # comment", "1979-05-27T07:32:00.0000000")]
    [TestCase("1979-05-27T00:32:00.999999", "1979-05-27T00:32:00.9999990")]
    [TestCase("1979-05-27", "1979-05-27")]
    [TestCase("1979-05-27 # comment", "1979-05-27")]
    [TestCase("2000-02-29", "2000-02-29")]
    [TestCase("07:32:00", "07:32:00.0000000")]
    [TestCase("00:32:00.999999", "00:32:00.9999990")]
    public void Date_or_time_is_read(string toml, string outline) =>
        Assert.That(TomlOutline.Of("d = " + toml), Is.EqualTo($$"""{"d":{{outline}}}"""));

    [TestCase("07:32:00.99999999", "07:32:00.9999999")]
    [TestCase("07:32:00.123456789012345678901234567890", "07:32:00.1234567")]
    public void Digits_beyond_100_ns_are_cut_off(string toml, string outline) =>
        Assert.That(TomlOutline.Of("d = " + toml), Is.EqualTo($$"""{"d":{{outline}}}"""));

    [TestCase("1990-12-31T23:59:60Z", "1990-12-31T23:59:59.9999999 offset 00:00:00")]
    [TestCase("1990-12-31T15:59:60-08:00", "1990-12-31T15:59:59.9999999 offset -08:00:00")]
    [TestCase("1991-01-01T05:29:60.5+05:30", "1991-01-01T05:29:59.9999999 offset 05:30:00")]
    [TestCase("23:59:60", "23:59:59.9999999")]
    public void Leap_second_is_the_last_moment_before_it(string toml, string outline) =>
        Assert.That(TomlOutline.Of("d = " + toml), Is.EqualTo($$"""{"d":{{outline}}}"""));

    [TestCase("1979-13-27", "1:10: expected a month from 01 to 12, but got '1979-13-27'")]
    [TestCase("1979-00-27", "1:10: expected a month from 01 to 12, but got '1979-00-27'")]
    [TestCase("1979-05-32", "1:13: expected a day from 01 to 31, but got '1979-05-32'")]
    [TestCase("1900-02-29", "1:13: expected a day from 01 to 28, but got '1900-02-29'")]
    [TestCase("0000-01-01", "1:5: expected a year from 0001 to 9999, but got '0000-01-01'")]
    [TestCase("1979-5-27", "1:11: expected a month from 01 to 12, but got '1979-5-27'")]
    [TestCase("1979-05", "1:12: expected '-' in a date or time, but got '1979-05'")]
    [TestCase("1979-05-27T", "1:16: expected an hour from 00 to 23, but got '1979-05-27T'")]
    [TestCase("1979-05-27X07:32:00", "1:15: expected 'T' or a space between date and time, but got '1979-05-27X07:32:00'")]
    [TestCase("1979-05-27T24:00:00", "1:16: expected an hour from 00 to 23, but got '1979-05-27T24:00:00'")]
    [TestCase("07:60:00", "1:8: expected a minute from 00 to 59, but got '07:60:00'")]
    [TestCase("07:32:61", "1:11: expected a second from 00 to 60, but got '07:32:61'")]
    [TestCase("07:32", "1:10: expected ':' in a date or time, but got '07:32'")]
    [TestCase("07:32:00.", "1:14: expected digits after the point of a second, but got '07:32:00.'")]
    [TestCase("07:32:00Z", "1:13: expected a local time, which has no offset, but got '07:32:00Z'")]
    [TestCase("1979-05-27T07:32:00+7:00", "1:26: expected an hour from 00 to 23, but got '1979-05-27T07:32:00+7:00'")]
    [TestCase("1979-05-27T07:32:00+24:00", "1:25: expected an hour from 00 to 23, but got '1979-05-27T07:32:00+24:00'")]
    [TestCase("1979-05-27T07:32:00A", "1:24: expected an offset: Z, +hh:mm or -hh:mm, but got '1979-05-27T07:32:00A'")]
    [TestCase("1979-05-27T07:32:00ZZ", "1:25: expected the end of the date-time after its offset, but got '1979-05-27T07:32:00ZZ'")]
    [TestCase("1990-12-31T12:00:60Z", "1:5: expected a leap second only at 23:59:60 UTC, but got '1990-12-31T12:00:60Z'")]
    public void Malformed_date_or_time_is_refused(string toml, string message) =>
        Assert.That(TomlFailure.Of("d = " + toml), Is.EqualTo(message));
}
