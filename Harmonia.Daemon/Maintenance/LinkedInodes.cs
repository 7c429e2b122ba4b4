namespace Harmonia.Daemon.Maintenance;

/// <summary>The files that have a name in <c>.links</c>: nothing is to be done for them. For any number of threads.</summary>
internal sealed class LinkedInodes
{
    private readonly Lock _gate = new();
    private readonly HashSet<ulong> _inodes = [];

    public bool Contains(ulong inode)
    {
        lock (_gate)
        {
            return _inodes.Contains(inode);
        }
    }

    public void Add(ulong inode)
    {
        lock (_gate)
        {
            _inodes.Add(inode);
        }
    }
}
