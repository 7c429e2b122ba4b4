using System.Globalization;

namespace Harmonia.Benchmarks.Servers.Processes;

/// <summary>Counts TCP connections, as the kernel does.</summary>
internal static class TcpConnections
{
    private const string Protocol = "Tcp:";
    private const string Field = "PassiveOpens";

    /// <summary>How many all servers of this machine have got since it started.</summary>
    public static long Accepted()
    {
        // A line of names, and one of values.
        string[][] lines =
        [
            .. File.ReadLines("/proc/net/snmp").Where(static line => line.StartsWith(Protocol, StringComparison.Ordinal)).Select(static line => line.Split(' ')),
        ];
        return long.Parse(lines[1][Array.IndexOf(lines[0], Field)], CultureInfo.InvariantCulture);
    }
}
