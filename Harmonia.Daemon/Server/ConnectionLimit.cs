namespace Harmonia.Daemon.Server;

/// <summary>
/// Computes how many clients the daemon serves at once, so that it never runs out of file descriptors. The runtime needs two for each new
/// thread and ends the process when it gets none, so clients must wait before that happens.
/// </summary>
internal static class ConnectionLimit
{
    /// <summary>
    /// For the process without clients: about 100 for the runtime and its libraries, three for each database connection, and threads.
    /// </summary>
    private const ulong ReservedDescriptors = 256;

    /// <summary>For its socket, two files with temporary roots, and the files and directories of a tree that is being sent.</summary>
    private const ulong DescriptorsPerClient = 8;

    /// <summary>The configured number, or what the limit on open files allows if that is less; at least one.</summary>
    public static int Of(int configured, ulong openFileLimit)
    {
        ulong available = openFileLimit > ReservedDescriptors ? openFileLimit - ReservedDescriptors : 0;
        return (int)Math.Min((ulong)configured, Math.Max(1, available / DescriptorsPerClient));
    }
}
