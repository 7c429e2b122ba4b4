using System.Reflection;
using Harmonia.Cache.Catalog;
using Harmonia.Cache.Hosting;
using Harmonia.Cache.Http;
using Harmonia.Cache.NarCache;
using Harmonia.Cache.Sending;
using Harmonia.Cache.Transport;
using Harmonia.Protocol.Interop;
using Harmonia.Protocol.Store;
using NUnit.Framework;

namespace Harmonia.Tests.Architecture;

/// <summary>
/// Nothing that the fast front does to find a response can wait: it runs on threads that poll sockets (docs/decisions/0008-fast-front.md).
/// </summary>
public sealed class NonBlockingTests
{
    private static readonly Type[] Waiting = [typeof(Task), typeof(Thread), typeof(SemaphoreSlim), typeof(Monitor), typeof(WaitHandle)];

    private readonly CallGraph _calls = new(typeof(Router).Assembly, typeof(StorePath).Assembly);

    [Test]
    public void Responses_from_memory_wait_for_nothing() => Assert.That(
        BlockingCallsOf(
        [
            .. Methods(typeof(RequestHead), nameof(RequestHead.TryRead)),
            .. Methods(typeof(Route), nameof(Route.Parse)),
            .. Methods(typeof(Router), nameof(Router.TryRespond)),
            .. Methods(typeof(RequestObserver), nameof(RequestObserver.Begin)),
            .. Methods(typeof(RequestObserver), nameof(RequestObserver.End)),
            .. Methods(typeof(PreparedResponse), nameof(PreparedResponse.LengthOf)),
            .. Methods(typeof(PreparedResponse), nameof(PreparedResponse.Write)),
        ]),
        Is.Empty);

    [TestCase(typeof(NarFileCache), nameof(NarFileCache.Open))]
    [TestCase(typeof(IStoreCatalog), nameof(IStoreCatalog.FindAsync))]
    public void A_method_that_may_wait_is_found(Type type, string method) => Assert.That(BlockingCallsOf(Methods(type, method)), Is.Not.Empty);

    private static MethodInfo[] Methods(Type type, string name)
    {
        MethodInfo[] methods = [.. type.GetMethods().Where(method => method.Name == name)];
        Assert.That(methods, Is.Not.Empty);
        return methods;
    }

    private string[] BlockingCallsOf(IEnumerable<MethodBase> roots) =>
        [.. _calls.Reachable(roots).Where(IsBlocking).Select(method => $"{method.DeclaringType}.{method.Name}")];

    // Files, our own system calls, and everything that waits or can be awaited. One type is allowed: its calls have flags that forbid the kernel to wait.
    private static bool IsBlocking(MethodBase method) => method.DeclaringType != typeof(PageCacheFile) && IsWaiting(method);

    private static bool IsWaiting(MethodBase method) =>
        (method.DeclaringType is { Namespace: "System.IO" } type && !type.IsAssignableTo(typeof(Exception)))
        || method.Attributes.HasFlag(MethodAttributes.PinvokeImpl)
        || Waiting.Any(waiting => waiting.IsAssignableFrom(method.DeclaringType))
        || (method.DeclaringType == typeof(Lock) && method.Name.StartsWith(nameof(Lock.Enter), StringComparison.Ordinal))
        || (method is MethodInfo { ReturnType: { } result } && IsTask(result));

    private static bool IsTask(Type type) =>
        type.IsAssignableTo(typeof(Task)) || type == typeof(ValueTask)
        || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueTask<>));
}
