using Harmonia.Protocol.Configuration;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Configuration;

public sealed class KeySuggestionTests
{
    [TestCase("", "", 0)]
    [TestCase("abc", "abc", 0)]
    [TestCase("", "abc", 3)]
    [TestCase("abc", "", 3)]
    [TestCase("soket", "socket", 1)]
    [TestCase("sockket", "socket", 1)]
    [TestCase("socked", "socket", 1)]
    [TestCase("scoket", "socket", 1)]
    [TestCase("kitten", "sitting", 3)]
    public void Distance_counts_slips(string left, string right, int distance) =>
        Assert.That(KeySuggestion.Distance(left, right), Is.EqualTo(distance));

    [TestCase("soket_path", "socket_path")]
    [TestCase("Socket-Path", "socket_path")]
    [TestCase("bnid", "bind")]
    [TestCase("wrokres", "workers")]
    [TestCase("blind", "bind")]
    public void Nearest_key_is_suggested(string key, string suggestion) =>
        Assert.That(KeySuggestion.Nearest(key, ["bind", "socket_path", "workers"]), Is.EqualTo(suggestion));

    [TestCase("priority")]
    [TestCase("b")]
    [TestCase("")]
    [TestCase("path")]
    public void Distant_key_is_not_suggested(string key) =>
        Assert.That(KeySuggestion.Nearest(key, ["bind", "socket_path", "workers"]), Is.Null);
}
