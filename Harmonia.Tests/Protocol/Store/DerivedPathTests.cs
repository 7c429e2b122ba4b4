using Harmonia.Protocol.Store;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Store;

public sealed class DerivedPathTests
{
    private const string Path = "/nix/store/p2qkh6lklg7zljx468xsl3gwif574nq4-dep.drv";

    private static readonly DerivedPath Opaque = new DerivedPath.Opaque(StoreDirectory.Default.ParsePath(Path));

    [Test]
    public void Path_is_opaque_even_if_it_is_a_derivation()
    {
        Assert.That(Parse(Path), Is.EqualTo(Opaque));
        Assert.That(Parse(Path).Print(StoreDirectory.Default), Is.EqualTo(Path));
    }

    [Test]
    public void Outputs_follow_the_last_mark()
    {
        Assert.That(Parse($"{Path}!*"), Is.EqualTo(new DerivedPath.Built(Opaque, OutputsSpec.All)));
        Assert.That(Parse($"{Path}!out,dev"), Is.EqualTo(new DerivedPath.Built(Opaque, OutputsSpec.Of("dev", "out"))));
        Assert.That(
            Parse($"{Path}!drv!out,dev"),
            Is.EqualTo(new DerivedPath.Built(new DerivedPath.Built(Opaque, OutputsSpec.Of("drv")), OutputsSpec.Of("dev", "out"))));
    }

    [TestCase("!*")]
    [TestCase("!out")]
    [TestCase("!dev,out")]
    [TestCase("!a!b!c!*")]
    public void Text_comes_back(string outputs) => Assert.That(Parse(Path + outputs).Print(StoreDirectory.Default), Is.EqualTo(Path + outputs));

    [TestCase("", "is not a store path in /nix/store")]
    [TestCase("!out", "is not a store path in /nix/store")]
    [TestCase("/nix/store/x!out", "is not a store path in /nix/store")]
    [TestCase(Path + "^out", "is not a store path in /nix/store")]
    [TestCase(Path + "!", "names no outputs")]
    [TestCase(Path + "!!out", "names no outputs")]
    [TestCase(Path + "!a!", "names no outputs")]
    [TestCase(Path + "!a b", "names no outputs")]
    [TestCase(Path + "!*!out", "must be one output of another")]
    [TestCase(Path + "!a,b!out", "must be one output of another")]
    public void Anything_else_is_refused(string text, string reason) =>
        Assert.That(() => Parse(text), Throws.TypeOf<FormatException>().With.Message.Contains(reason));

    [Test]
    public void Depth_is_bounded()
    {
        string deepest = Path + string.Concat(Enumerable.Repeat("!out", DerivedPath.MaxDepth));

        Assert.That(Parse(deepest).Print(StoreDirectory.Default), Is.EqualTo(deepest));
        Assert.That(() => Parse(deepest + "!out"), Throws.TypeOf<FormatException>().With.Message.Contains("more than 16"));
        Assert.That(() => new DerivedPath.Built(Parse(deepest), OutputsSpec.All), Throws.ArgumentException);
    }

    [Test]
    public void Depth_chosen_by_a_peer_costs_no_stack()
    {
        string text = Path + string.Concat(Enumerable.Repeat("!out", 1_000_000));

        Assert.That(() => Parse(text), Throws.TypeOf<FormatException>());
    }

    private static DerivedPath Parse(string text) => DerivedPath.Parse(StoreDirectory.Default, text);
}
