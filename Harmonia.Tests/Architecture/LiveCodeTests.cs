using System.CodeDom.Compiler;
using System.Reflection;
using System.Runtime.CompilerServices;
using Harmonia.Cache.Hosting;
using Harmonia.Daemon.Commands;
using Harmonia.Protocol.Store;
using NUnit.Framework;

namespace Harmonia.Tests.Architecture;

/// <summary>The programs have no code that only tests run.</summary>
public sealed class LiveCodeTests
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Assembly[] Products = [typeof(StorePath).Assembly, typeof(DaemonHost).Assembly, typeof(CacheHost).Assembly];

    [Test]
    public void Programs_can_run_every_method_they_have()
    {
        using LiveCode live = new(Products);

        Assert.That(
            from type in Products.SelectMany(product => product.GetTypes())
            where !IsGenerated(type)
            from method in type.GetMembers(Declared).OfType<MethodBase>()
            where !IsGenerated(method) && !live.Contains(method)
            select $"Only tests run {type}.{method.Name}, or nothing does.",
            Is.Empty);
    }

    [Test]
    public void A_method_that_the_entry_point_does_not_reach_is_found()
    {
        // The test platform adds the entry point; it is no test.
        Assembly tests = typeof(LiveCodeTests).Assembly;
        using LiveCode live = new([tests]);

        Assert.That(live.Contains(tests.EntryPoint!));
        Assert.That(live.Contains(MethodBase.GetCurrentMethod()!), Is.False);
    }

    // What the compiler and source generators add: members of records, closures, state machines, methods of delegates.
    private static bool IsGenerated(MemberInfo member) =>
        member.IsDefined(typeof(CompilerGeneratedAttribute)) || member.IsDefined(typeof(GeneratedCodeAttribute))
        || (member.DeclaringType is { } outer && IsGenerated(outer))
        || (member is Type type && (type.IsAssignableTo(typeof(Delegate)) || type.Name == "Program"));
}
