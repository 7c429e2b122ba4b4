using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

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
        Dictionary<Assembly, PEReader> readers = assemblies.ToDictionary(
            assembly => assembly, assembly => new PEReader(File.OpenRead(assembly.Location)));
        try
        {
            HashSet<MethodBase> reached = new();
            Stack<MethodBase> left = new(roots);
            while (left.TryPop(out MethodBase? method))
            {
                if (!reached.Add(method) || !readers.TryGetValue(method.Module.Assembly, out PEReader? reader))
                    continue;
                foreach (MethodBase next in Called(method, reader).Concat(Implementations(method)))
                    left.Push(next);
            }

            return reached;
        }
        finally
        {
            foreach (PEReader reader in readers.Values)
                reader.Dispose();
        }
    }

    private static IEnumerable<MethodBase> Called(MethodBase method, PEReader reader)
    {
        MetadataReader metadata = reader.GetMetadataReader();
        MethodDefinition definition = metadata.GetMethodDefinition((MethodDefinitionHandle)MetadataTokens.Handle(method.MetadataToken));
        if (definition.RelativeVirtualAddress == 0)
            return [];
        Type[]? ofType = method.DeclaringType is { IsGenericType: true } type ? type.GetGenericArguments() : null;
        Type[]? ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : null;
        return [.. InstructionTokens.Of(reader.GetMethodBody(definition.RelativeVirtualAddress).GetILReader())
            .Where(token => token.Kind is HandleKind.MethodDefinition or HandleKind.MemberReference or HandleKind.MethodSpecification)
            .Select(token => method.Module.ResolveMember(MetadataTokens.GetToken(token), ofType, ofMethod))
            .OfType<MethodBase>()];
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
