using System.Text;
using Harmonia.Cache.Http;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Http;

public sealed class RequestTargetTests
{
    [TestCase("/", "/", "")]
    [TestCase("/health", "/health", "")]
    [TestCase("/a/../b//c/%2e", "/a/../b//c/%2e", "")]
    [TestCase("/a?b=c", "/a", "b=c")]
    [TestCase("/a?b?c", "/a", "b?c")]
    [TestCase("/?", "/", "")]
    [TestCase("http://cache.example.com/a?b", "/a", "b")]
    [TestCase("http://cache.example.com:80/a", "/a", "")]
    [TestCase("http://cache.example.com", "/", "")]
    [TestCase("http://cache.example.com?json", "/", "json")]
    [TestCase("*", "", "")]
    [TestCase("cache.example.com:80", "", "")]
    [TestCase("", "", "")]
    public void A_target_is_split_as_it_came(string target, string path, string query)
    {
        RequestTarget parsed = RequestTarget.Parse(Encoding.UTF8.GetBytes(target));

        Assert.That(Encoding.UTF8.GetString(parsed.Path), Is.EqualTo(path));
        Assert.That(Encoding.UTF8.GetString(parsed.Query), Is.EqualTo(query));
    }

    [FsCheck.NUnit.Property(MaxTest = 1000)]
    public bool A_target_in_origin_form_loses_nothing_but_the_question_mark(byte[] rest)
    {
        byte[] target = [(byte)'/', .. rest];
        RequestTarget parsed = RequestTarget.Parse(target);
        return rest.Contains((byte)'?')
            ? target.AsSpan().SequenceEqual((byte[])[.. parsed.Path, (byte)'?', .. parsed.Query])
            : parsed.Path.SequenceEqual(target) && parsed.Query.IsEmpty;
    }

    [FsCheck.NUnit.Property(MaxTest = 1000)]
    public bool Any_bytes_are_split_without_failure(byte[] target) =>
        RequestTarget.Parse(target).Path is [] or [(byte)'/', ..];
}
