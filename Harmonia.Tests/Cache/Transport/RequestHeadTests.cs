using System.Text;
using Harmonia.Cache.Http;
using Harmonia.Cache.Transport;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Transport;

public sealed class RequestHeadTests
{
    private const string Line = "GET /00000000000000000000000000000000.narinfo HTTP/1.1\r\n";
    private const string Plain = $"{Line}Host: cache.example.com\r\n\r\n";

    [TestCase(Plain)]
    [TestCase($"{Plain}GET /next HTTP/1.1\r\n")]
    [TestCase($"{Line}HOST:a:5000\r\nuser-agent: curl/8.0 Nix/2.34 (x; y)\r\nAccept: */*\r\nACCEPT-ENCODING: deflate, gzip\r\n\r\n")]
    [TestCase($"{Line}Host: \t 127.0.0.1:80 \r\nConnection: Keep-Alive\r\nVia: 1.1 a\r\nPragma: x\r\nCache-Control: y\r\nAccept-Language: \r\n\r\n")]
    public void A_plain_head_is_read(string text)
    {
        Assert.That(RequestHead.TryRead(Encoding.Latin1.GetBytes(text), out RequestHead head), Is.True);
        Assert.That(head.Length, Is.EqualTo(text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4));
        Assert.That(head.IsHead, Is.False);
        Assert.That(Encoding.ASCII.GetString(head.Target), Is.EqualTo("/00000000000000000000000000000000.narinfo"));
        Assert.That(head.Headers.AcceptEncoding.Count > 0, Is.EqualTo(text.Contains("ENCODING", StringComparison.Ordinal)));
        Assert.That(head.IsForwarded, Is.False);
    }

    [Test]
    public void Headers_that_select_a_response_are_read()
    {
        Assert.That(
            RequestHead.TryRead(
                "GET /x HTTP/1.1\r\nHost: a\r\nRange: bytes=1-\r\nif-range: \"a\"\r\nIf-Match:*\r\nIf-None-Match: \"b\" \r\nAccept-Encoding: br\r\n\r\n"u8,
                out RequestHead head),
            Is.True);
        Assert.That(head.Headers, Is.EqualTo(new SelectingHeaders
        {
            IsGet = true,
            Range = "bytes=1-",
            IfRange = "\"a\"",
            IfMatch = "*",
            IfNoneMatch = "\"b\"",
            AcceptEncoding = "br",
        }));
    }

    [TestCase("", false)]
    [TestCase("Connection: keep-alive\r\n", false)]
    [TestCase("Connection: close\r\n", true)]
    [TestCase("connection:\tClose \r\n", true)]
    [TestCase("Connection: close\r\nConnection: keep-alive\r\n", true)]
    public void The_end_of_the_connection_is_read(string header, bool isLast)
    {
        Assert.That(RequestHead.TryRead(Encoding.ASCII.GetBytes($"GET /x HTTP/1.1\r\nHost: a\r\n{header}\r\n"), out RequestHead head), Is.True);
        Assert.That(head.IsLast, Is.EqualTo(isLast));
    }

    [Test]
    public void HEAD_is_read_too()
    {
        Assert.That(RequestHead.TryRead("HEAD /x HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: b\r\n\r\n"u8, out RequestHead head), Is.True);
        Assert.That(head.IsHead, Is.True);
        Assert.That(Encoding.ASCII.GetString(head.Target), Is.EqualTo("/x"));
        Assert.That(head.IsForwarded, Is.True);
    }

    [TestCase("GET /x HTTP/1.0\r\nHost: a\r\n\r\n", TestName = "HTTP/1.0")]
    [TestCase("GET /x HTTP/1.1\r\n\r\n", TestName = "No Host")]
    [TestCase("GET /x HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", TestName = "Two Hosts")]
    [TestCase("GET /x HTTP/1.1\r\nHost:\r\n\r\n", TestName = "An empty Host")]
    [TestCase("GET /x HTTP/1.1\r\nHost: a b\r\n\r\n", TestName = "A Host with a blank")]
    [TestCase("GET /x HTTP/1.1\r\nHost: a:\r\n\r\n", TestName = "A Host without its port")]
    [TestCase("GET /x HTTP/1.1\r\nHost: a:b\r\n\r\n", TestName = "A port that is none")]
    [TestCase("GET /x HTTP/1.1\r\nHost: a:1:2\r\n\r\n", TestName = "Two ports")]
    [TestCase("get /x HTTP/1.1\r\nHost: a\r\n\r\n", TestName = "Another method")]
    [TestCase("GET  /x HTTP/1.1\r\nHost: a\r\n\r\n", TestName = "Two blanks")]
    [TestCase("\r\nGET /x HTTP/1.1\r\nHost: a\r\n\r\n", TestName = "An empty line before")]
    [TestCase("GET http://a/x HTTP/1.1\r\nHost: a\r\n\r\n", TestName = "Absolute form")]
    [TestCase("GET * HTTP/1.1\r\nHost: a\r\n\r\n", TestName = "Asterisk form")]
    [TestCase("GET /x HTTP/1.1\nHost: a\r\n\r\n", TestName = "A bare line feed after the request line")]
    [TestCase("GET /x HTTP/1.1\r\nHost: a\nAccept: b\r\n\r\n", TestName = "A bare line feed after a header")]
    [TestCase("GET /x HTTP/1.1\r\nHost: a\rb\r\n\r\n", TestName = "A bare carriage return")]
    [TestCase("GET /x HTTP/1.1\r\nHost: a\r\n\n", TestName = "A bare line feed at the end")]
    [TestCase("GET /x HTTP/1.1\r\nHost: a\r\nAccept: b\r\n c\r\n\r\n", TestName = "A folded line")]
    [TestCase("GET /x HTTP/1.1\r\nHost : a\r\n\r\n", TestName = "A blank before the colon")]
    [TestCase("GET /x HTTP/1.1\r\nHost: a\r\nAccept\r\n\r\n", TestName = "No colon")]
    [TestCase("GET /x HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n", TestName = "No name")]
    [TestCase("GET /x HTTP/1.1\r\nHost: a\r\nAccept: \0\r\n\r\n", TestName = "NUL")]
    [TestCase("GET /x HTTP/1.1\r\nHost: a\r\nAccept: é\r\n\r\n", TestName = "Not ASCII")]
    [TestCase("GET /x HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\n\r\n", TestName = "Connection: Upgrade")]
    [TestCase("GET /x HTTP/1.1\r\nHost: a\r\nAccept-Encoding: br\r\nAccept-Encoding: gzip\r\n\r\n", TestName = "Two lines of codings")]
    [TestCase("GET /x HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", TestName = "Content-Length")]
    [TestCase("GET /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", TestName = "Transfer-Encoding")]
    [TestCase("GET /x HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n", TestName = "Expect")]
    [TestCase("GET /x HTTP/1.1\r\nHost: a\r\nRange: bytes=0-0\r\nRange: bytes=0-0\r\n\r\n", TestName = "Two Ranges")]
    [TestCase("GET /x HTTP/1.1\r\nHost: a\r\nIf-None-Match: *\r\nIf-None-Match: *\r\n\r\n", TestName = "Two lines of tags")]
    [TestCase("GET /x HTTP/1.1\r\nHost: a\r\nIf-Modified-Since: x\r\n\r\n", TestName = "If-Modified-Since")]
    [TestCase("GET /%78 HTTP/1.1\r\nHost: a\r\n\r\n", TestName = "An escape")]
    [TestCase("GET /x#y HTTP/1.1\r\nHost: a\r\n\r\n", TestName = "A fragment")]
    [TestCase("GET /x HTTP/1.1\r\nHost: a\r\nAuthorization: Basic eDp5\r\n\r\n", TestName = "Authorization")]
    [TestCase("GET /x HTTP/1.1\r\nHost: a\r\nX-Request-Id: b\r\n\r\n", TestName = "X-Request-Id")]
    public void Anything_else_is_left_to_Kestrel(string text) =>
        Assert.That(RequestHead.TryRead(Encoding.Latin1.GetBytes(text), out _), Is.False);

    [Test]
    public void What_is_not_complete_is_left_to_Kestrel()
    {
        byte[] bytes = Encoding.ASCII.GetBytes(Plain);
        for (int length = 0; length < bytes.Length; length++)
            Assert.That(RequestHead.TryRead(bytes.AsSpan(0, length), out _), Is.False, $"{length} bytes");
    }

    [Test]
    public void A_long_head_is_left_to_Kestrel()
    {
        Assert.That(RequestHead.TryRead(WithUserAgent(1900), out _), Is.True);
        Assert.That(RequestHead.TryRead(WithUserAgent(2048), out _), Is.False);
    }

    [Test]
    public void Many_headers_are_left_to_Kestrel()
    {
        Assert.That(RequestHead.TryRead(WithHeaders(31), out _), Is.True);
        Assert.That(RequestHead.TryRead(WithHeaders(32), out _), Is.False);
    }

    private static byte[] WithUserAgent(int length) =>
        Encoding.ASCII.GetBytes($"{Line}Host: a\r\nUser-Agent: {new string('x', length)}\r\n\r\n");

    private static byte[] WithHeaders(int count) =>
        Encoding.ASCII.GetBytes($"{Line}Host: a\r\n{string.Concat(Enumerable.Repeat("Accept: b\r\n", count))}\r\n");
}
