namespace Harmonia.Tests.Architecture;

/// <summary>What one module may use of the others.</summary>
/// <param name="Module">The namespace without "Harmonia."; a process' own name stands for its <c>Program.cs</c>.</param>
/// <param name="MayUse">Modules of which everything may be used.</param>
/// <param name="Exceptions">Modules of which the exception types may be used and nothing else.</param>
internal sealed record ModuleRule(string Module, IReadOnlyList<string> MayUse, IReadOnlyList<string> Exceptions);
