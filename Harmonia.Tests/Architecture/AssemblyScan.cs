using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Harmonia.Tests.Architecture;

/// <summary>Reads from a compiled assembly which type uses which: in declarations, signatures, attributes and method bodies.</summary>
internal sealed class AssemblyScan
{
    private static readonly TypeName Program = new("", "Program");

    private readonly PEReader _image;
    private readonly MetadataReader _metadata;

    private AssemblyScan(PEReader image) => (_image, _metadata) = (image, image.GetMetadataReader());

    /// <summary>The uses in an assembly of the tests' output folder.</summary>
    /// <param name="assembly">The file's name.</param>
    /// <param name="rootNamespace">The namespace that <c>Program.cs</c> counts to; the compiler gives its class none.</param>
    public static IReadOnlySet<TypeUse> Of(string assembly, string rootNamespace)
    {
        using PEReader image = new(File.OpenRead(Path.Combine(AppContext.BaseDirectory, assembly)));
        return new AssemblyScan(image).Uses(rootNamespace);
    }

    private HashSet<TypeUse> Uses(string rootNamespace)
    {
        HashSet<TypeUse> uses = new();
        foreach (TypeDefinitionHandle handle in _metadata.TypeDefinitions)
        {
            TypeName user = UsedTypes.NameOf(_metadata, handle);
            user = user == Program ? user with { Namespace = rootNamespace } : user;
            uses.UnionWith(UsedBy(handle).Where(used => used != user).Select(used => new TypeUse(user, used)));
        }

        return uses;
    }

    private IReadOnlyCollection<TypeName> UsedBy(TypeDefinitionHandle handle)
    {
        UsedTypes used = new(_metadata);
        TypeDefinition type = _metadata.GetTypeDefinition(handle);
        AddOptional(used, type.BaseType);
        AddAttributes(used, type.GetCustomAttributes());
        AddConstraints(used, type.GetGenericParameters());
        foreach (InterfaceImplementationHandle implemented in type.GetInterfaceImplementations())
            used.Add(_metadata.GetInterfaceImplementation(implemented).Interface);
        foreach (FieldDefinitionHandle field in type.GetFields())
        {
            used.Add(field);
            AddAttributes(used, _metadata.GetFieldDefinition(field).GetCustomAttributes());
        }

        foreach (PropertyDefinitionHandle property in type.GetProperties())
            AddAttributes(used, _metadata.GetPropertyDefinition(property).GetCustomAttributes());
        foreach (EventDefinitionHandle declared in type.GetEvents())
            used.Add(_metadata.GetEventDefinition(declared).Type);
        foreach (MethodDefinitionHandle method in type.GetMethods())
            AddMethod(used, method);
        return used.Types;
    }

    private void AddMethod(UsedTypes used, MethodDefinitionHandle handle)
    {
        MethodDefinition method = _metadata.GetMethodDefinition(handle);
        used.Add(handle);
        AddAttributes(used, method.GetCustomAttributes());
        AddConstraints(used, method.GetGenericParameters());
        foreach (ParameterHandle parameter in method.GetParameters())
            AddAttributes(used, _metadata.GetParameter(parameter).GetCustomAttributes());
        if (method.RelativeVirtualAddress == 0)
            return;

        MethodBodyBlock body = _image.GetMethodBody(method.RelativeVirtualAddress);
        AddOptional(used, body.LocalSignature);
        foreach (ExceptionRegion region in body.ExceptionRegions)
            AddOptional(used, region.CatchType);
        foreach (EntityHandle token in InstructionTokens.Of(body.GetILReader()))
            used.Add(token);
    }

    private void AddAttributes(UsedTypes used, CustomAttributeHandleCollection attributes)
    {
        foreach (CustomAttributeHandle attribute in attributes)
            used.Add(_metadata.GetCustomAttribute(attribute).Constructor);
    }

    private void AddConstraints(UsedTypes used, GenericParameterHandleCollection parameters)
    {
        foreach (GenericParameterHandle parameter in parameters)
        {
            foreach (GenericParameterConstraintHandle constraint in _metadata.GetGenericParameter(parameter).GetConstraints())
                used.Add(_metadata.GetGenericParameterConstraint(constraint).Type);
        }
    }

    private static void AddOptional(UsedTypes used, EntityHandle handle)
    {
        if (!handle.IsNil)
            used.Add(handle);
    }
}
