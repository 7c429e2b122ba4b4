using System.CommandLine;
using System.CommandLine.Invocation;
using Harmonia.Protocol.Primitives;

namespace Harmonia.Daemon.Commands;

/// <summary>Prints the program's name and version, and on a second line how it was built.</summary>
internal sealed class VersionAction : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        Console.WriteLine($"harmonia-daemon {HarmoniaVersion.Number}");
        Console.WriteLine(ProgramBuild.Describe(typeof(VersionAction).Assembly));
        return 0;
    }
}
