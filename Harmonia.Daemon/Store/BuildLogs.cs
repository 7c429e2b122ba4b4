using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Store;

/// <summary>Stores build logs below <c>drvs</c>. Nix: src/libstore/local-store.cc, LocalStore::addBuildLog.</summary>
internal sealed class BuildLogs(string logDirectory)
{
    private static int _last;

    /// <summary>Stores a log uncompressed, unless the derivation already has one.</summary>
    /// <param name="derivation">The derivation that was built.</param>
    /// <param name="log">The log's bytes.</param>
    /// <param name="cancellationToken">Cancels it; nothing is left behind.</param>
    public async Task AddAsync(StorePath derivation, Stream log, CancellationToken cancellationToken)
    {
        string folder = Path.Combine(logDirectory, "drvs", derivation.BaseName[..2]);
        string file = Path.Combine(folder, derivation.BaseName[2..]);
        if (File.Exists(file) || File.Exists(file + ".bz2"))
        {
            return;
        }

        Directory.CreateDirectory(folder);
        string temporary = $"{file}.tmp-{Environment.ProcessId}-{Interlocked.Increment(ref _last)}";
        try
        {
            using (FileStream copy = new(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                await log.CopyToAsync(copy, cancellationToken);
            }

            File.Move(temporary, file, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
