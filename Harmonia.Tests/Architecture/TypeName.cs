namespace Harmonia.Tests.Architecture;

/// <summary>A top-level type; what is nested in it, closures and state machines included, counts as the type itself.</summary>
/// <param name="Namespace">Empty for types that the compiler makes.</param>
/// <param name="Name">Empty where only the namespace is known.</param>
internal readonly record struct TypeName(string Namespace, string Name)
{
    public override string ToString() => string.Join('.', new[] { Namespace, Name }.Where(part => part.Length > 0));
}
