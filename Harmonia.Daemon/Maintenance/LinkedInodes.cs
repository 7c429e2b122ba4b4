namespace Harmonia.Daemon.Maintenance;

/// <summary>The inodes of the files in <c>.links</c>, which are linked already. Any number of threads may use it.</summary>
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
