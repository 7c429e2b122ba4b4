using System.Reflection;

namespace Harmonia.Tests.Architecture;

/// <summary>
/// Finds the methods that programs may run: those that their entry points name, directly or by way of others. A method that overrides
/// or implements one of another assembly may run as soon as its type is named, because that assembly may call it.
/// </summary>
internal sealed class LiveCode : IDisposable
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private readonly MethodBodies _bodies;
    private readonly ILookup<Type, MethodBase> _calledByOthers;
    private readonly ILookup<MethodBase, MethodBase> _implementations;
    private readonly HashSet<MethodBase> _methods = new();
    private readonly HashSet<Type> _types = new();
    private readonly Stack<MethodBase> _left = new();

    public LiveCode(IReadOnlyList<Assembly> assemblies)
    {
        _bodies = new MethodBodies(assemblies);
        Type[] types = [.. assemblies.SelectMany(assembly => assembly.GetTypes()).Where(type => !type.IsInterface)];
        (Type Type, MethodBase Declaration, MethodBase Method)[] overrides = [.. types.SelectMany(OverridesOf)];
        _implementations = overrides.Where(one => _bodies.Contain(one.Declaration)).ToLookup(one => one.Declaration, one => one.Method);
        _calledByOthers = overrides.Where(one => !_bodies.Contain(one.Declaration)).Select(one => (one.Type, one.Method))
            .Concat(types.Where(type => type.TypeInitializer is not null).Select(type => (Type: type, Method: (MethodBase)type.TypeInitializer!)))
            .ToLookup(one => one.Type, one => one.Method);
        foreach (Assembly assembly in assemblies)
        {
            if (assembly.EntryPoint is MethodInfo entry)
                Reach(entry);
        }

        while (_left.TryPop(out MethodBase? method))
            Follow(method);
    }

    /// <summary>Whether a program may run this method, which is not of a constructed generic type.</summary>
    public bool Contains(MethodBase method) => _methods.Contains(method);

    public void Dispose() => _bodies.Dispose();

    private void Follow(MethodBase method)
    {
        Touch(method.DeclaringType!);
        foreach (MethodBase implementation in _implementations[method])
            Reach(implementation);
        foreach (MemberInfo member in _bodies.NamedBy(method))
        {
            Touch(member as Type ?? member.DeclaringType!);
            if (member is MethodBase called)
            {
                foreach (Type argument in called.IsGenericMethod ? called.GetGenericArguments() : [])
                    Touch(argument);
                Reach(called);
            }
        }
    }

    private void Reach(MethodBase method)
    {
        if (_bodies.Contain(method) && DefinitionOf(method) is MethodBase definition && _methods.Add(definition))
            _left.Push(definition);
    }

    private void Touch(Type type)
    {
        if (type.HasElementType)
        {
            Touch(type.GetElementType()!);
            return;
        }

        foreach (Type argument in type.IsConstructedGenericType ? type.GetGenericArguments() : [])
            Touch(argument);
        Type definition = type.IsConstructedGenericType ? type.GetGenericTypeDefinition() : type;
        if (type.IsGenericParameter || !_bodies.Contain(type) || !_types.Add(definition))
            return;
        if (definition.BaseType is Type parent)
            Touch(parent);
        foreach (MethodBase method in _calledByOthers[definition])
            Reach(method);
    }

    private static IEnumerable<(Type Type, MethodBase Declaration, MethodBase Method)> OverridesOf(Type type)
    {
        foreach (MethodInfo method in type.GetMethods(Declared).Where(method => method.IsVirtual && method.GetBaseDefinition() != method))
            yield return (type, DefinitionOf(method.GetBaseDefinition()), method);
        foreach (InterfaceMapping map in type.GetInterfaces().Select(type.GetInterfaceMap))
        {
            // The interface's own body, if the type has none.
            foreach ((MethodInfo declaration, MethodInfo? method) in map.InterfaceMethods.Zip(map.TargetMethods).Where(pair => pair.Second is not null))
                yield return (type, DefinitionOf(declaration), DefinitionOf(method));
        }
    }

    /// <summary>The method as its type declares it, without type arguments.</summary>
    private static MethodBase DefinitionOf(MethodBase method)
    {
        Type declaring = method.DeclaringType!;
        Type definition = declaring.IsConstructedGenericType ? declaring.GetGenericTypeDefinition() : declaring;
        bool isDefinition = method is not MethodInfo { IsGenericMethod: true, IsGenericMethodDefinition: false }
            && definition == declaring && method.ReflectedType == declaring;
        return isDefinition
            ? method
            : definition.GetMembers(Declared).OfType<MethodBase>().First(one => one.MetadataToken == method.MetadataToken);
    }
}
