using System.CommandLine;
using System.CommandLine.Invocation;

namespace Harmonia.Daemon.Commands;

/// <summary>Prints the program's name and version.</summary>
internal sealed class VersionAction : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        Console.WriteLine($"harmonia-daemon {HarmoniaVersion.Number}");
        return 0;
    }
}
