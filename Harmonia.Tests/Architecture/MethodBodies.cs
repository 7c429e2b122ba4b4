using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Harmonia.Tests.Architecture;

/// <summary>Reads from compiled assemblies which members the instructions of a method name.</summary>
internal sealed class MethodBodies(params IEnumerable<Assembly> assemblies) : IDisposable
{
    private readonly Dictionary<Assembly, PEReader> _readers =
        assemblies.ToDictionary(assembly => assembly, assembly => new PEReader(File.OpenRead(assembly.Location)));

    /// <summary>Whether a member is declared in one of these assemblies.</summary>
    public bool Contain(MemberInfo member) => _readers.ContainsKey(member.Module.Assembly);

    /// <summary>The types, methods and fields that a method names; none for a method of another assembly, or without a body.</summary>
    public IEnumerable<MemberInfo> NamedBy(MethodBase method)
    {
        if (!_readers.TryGetValue(method.Module.Assembly, out PEReader? reader))
            return [];
        MetadataReader metadata = reader.GetMetadataReader();
        MethodDefinition definition = metadata.GetMethodDefinition((MethodDefinitionHandle)MetadataTokens.Handle(method.MetadataToken));
        if (definition.RelativeVirtualAddress == 0)
            return [];
        Type[]? ofType = method.DeclaringType is { IsGenericType: true } type ? type.GetGenericArguments() : null;
        Type[]? ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : null;
        return InstructionTokens.Of(reader.GetMethodBody(definition.RelativeVirtualAddress).GetILReader())
            .Where(token => token.Kind != HandleKind.StandaloneSignature)
            .Select(token => method.Module.ResolveMember(MetadataTokens.GetToken(token), ofType, ofMethod)!);
    }

    public void Dispose()
    {
        foreach (PEReader reader in _readers.Values)
            reader.Dispose();
    }
}
