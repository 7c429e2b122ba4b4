using System.Reflection;

namespace Harmonia.Tests.Architecture;

/// <summary>Finds what methods of some assemblies can call. A call to a virtual method may call each implementation in these assemblies.</summary>
internal sealed class CallGraph(params Assembly[] assemblies)
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private readonly Type[] _types = [.. assemblies.SelectMany(assembly => assembly.GetTypes())];

    /// <summary>All methods that these can call, they included; methods of other assemblies end the way.</summary>
    public IReadOnlySet<MethodBase> Reachable(params IEnumerable<MethodBase> roots)
    {
        using MethodBodies bodies = new(assemblies);
        HashSet<MethodBase> reached = new();
        Stack<MethodBase> left = new(roots);
        while (left.TryPop(out MethodBase? method))
        {
            if (!reached.Add(method) || !bodies.Contain(method))
                continue;
            foreach (MethodBase next in bodies.NamedBy(method).OfType<MethodBase>().Concat(Implementations(method)))
                left.Push(next);
        }

        return reached;
    }

    private IEnumerable<MethodBase> Implementations(MethodBase method)
    {
        if (method is not MethodInfo { IsVirtual: true, DeclaringType: { } declaring } called)
            return [];
        IEnumerable<Type> types = _types.Where(type => type != declaring && !type.IsInterface && declaring.IsAssignableFrom(type));
        return declaring.IsInterface
            ? types.SelectMany(type => TargetsOf(type.GetInterfaceMap(declaring), called))
            : types.SelectMany(type => type.GetMethods(Declared)).Where(one => one.IsVirtual && one.GetBaseDefinition() == called.GetBaseDefinition());
    }

    private static IEnumerable<MethodBase> TargetsOf(InterfaceMapping map, MethodInfo called) =>
        map.InterfaceMethods.Zip(map.TargetMethods).Where(pair => pair.First == called).Select(pair => pair.Second);
}
