namespace Harmonia.Tests.Architecture;

/// <summary>One type, or file, names another.</summary>
internal readonly record struct TypeUse(TypeName User, TypeName Used)
{
    public override string ToString() => $"{User} → {Used}";
}
