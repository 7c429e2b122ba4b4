namespace Harmonia.Daemon.Server;

/// <summary>
/// How many clients may be served at once, so that file descriptors never run out. The runtime needs two for each thread it starts, and
/// ends the process when it can't have them; so clients have to wait before that.
/// </summary>
internal static class ConnectionLimit
{
    /// <summary>The process without clients: about 100 for the runtime and its libraries, three for each database connection, threads.</summary>
    private const ulong ReservedDescriptors = 256;

    /// <summary>Its socket, two files for temporary roots, and the files and folders of a tree that is sent.</summary>
    private const ulong DescriptorsPerClient = 8;

    /// <summary>The smaller of what is configured and what the limit of file descriptors allows; at least one.</summary>
    public static int Of(int configured, ulong openFileLimit)
    {
        ulong possible = openFileLimit > ReservedDescriptors + DescriptorsPerClient ? (openFileLimit - ReservedDescriptors) / DescriptorsPerClient : 1;
        return (int)Math.Min((ulong)configured, possible);
    }
}
