using System.Text;
using Harmonia.Cache.Http;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Http;

public sealed class QueryParameterTests
{
    [TestCase("json", "")]
    [TestCase("json=", "")]
    [TestCase("json=1", "1")]
    [TestCase("a=b&json=x%20y+z&c", "x y z")]
    [TestCase("%6Aso%6e=1", "1")]
    [TestCase("json=a=b", "a=b")]
    [TestCase("&&json=1&", "1")]
    [TestCase("%zz=1&json=1", "1")]
    public void A_key_is_found_with_its_value(string query, string value)
    {
        QueryParameter? found = QueryParameter.Find(Encoding.UTF8.GetBytes(query), "json"u8);

        Assert.That(found, Is.EqualTo(new QueryParameter(value, IsDuplicate: false)));
    }

    [TestCase("")]
    [TestCase("JSON=1")]
    [TestCase("jsonx=1")]
    [TestCase("x=json")]
    [TestCase("%256Ason=1")]
    public void Other_keys_are_ignored(string query) => Assert.That(QueryParameter.Find(Encoding.UTF8.GetBytes(query), "json"u8), Is.Null);

    [TestCase("json&json")]
    [TestCase("json=1&x&json=1")]
    [TestCase("json=1&%6ason")]
    public void A_key_that_is_there_twice_is_a_duplicate(string query) =>
        Assert.That(QueryParameter.Find(Encoding.UTF8.GetBytes(query), "json"u8)?.IsDuplicate, Is.True);

    [Test]
    public void A_value_with_invalid_escapes_is_not_a_value()
    {
        QueryParameter? found = QueryParameter.Find("json=%f"u8, "json"u8);

        Assert.That(found, Is.EqualTo(new QueryParameter(Value: null, IsDuplicate: false)));
    }

    [FsCheck.NUnit.Property(MaxTest = 1000)]
    public bool Any_query_is_read_without_failure(byte[] bytes) =>
        QueryParameter.Find([.. bytes, .. "&hash=1"u8], "hash"u8) is not null;
}
