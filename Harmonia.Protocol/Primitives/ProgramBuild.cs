using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Harmonia.Protocol.Primitives;

/// <summary>What reports of mistakes need to know about a program beside its version.</summary>
public static class ProgramBuild
{
    /// <summary>The revision of the sources, the system and the runtime: <c>revision 0123456789ab, linux-x64, .NET 10.0.1, native</c>.</summary>
    /// <param name="program">The program. <c>./publish.sh</c> writes the revision behind the <c>+</c> of its informational version.</param>
    public static string Describe(Assembly program)
    {
        string version = program.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";
        string revision = version.IndexOf('+', StringComparison.Ordinal) is >= 0 and var plus ? version[(plus + 1)..] : "unknown";
        string code = RuntimeFeature.IsDynamicCodeSupported ? "compiled at run time" : "native";
        return $"revision {revision}, {RuntimeInformation.RuntimeIdentifier}, {RuntimeInformation.FrameworkDescription}, {code}";
    }
}
