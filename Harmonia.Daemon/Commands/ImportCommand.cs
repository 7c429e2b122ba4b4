using Harmonia.Daemon.Adding;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Commands;

/// <summary>Adds files to a separate store.</summary>
internal static class ImportCommand
{
    private const int Failure = 1;
    private const int UsageError = 2;

    /// <summary>Prints the store path of each file; returns the exit code.</summary>
    public static async Task<int> RunAsync(
        string root, string? storeDirectory, string? name, string[] files, CancellationToken cancellationToken)
    {
        if (name is not null && files.Length > 1)
        {
            await Console.Error.WriteLineAsync("harmonia-daemon: --name needs exactly one path.");
            return UsageError;
        }

        try
        {
            StoreDirectory directory = StoreDirectory.Parse(storeDirectory ?? StoreDirectory.Default.Path);
            using StoreImporter importer = new(new StoreLayout(Path.GetFullPath(root)), directory, TimeProvider.System);
            List<(string File, string Name)> sources = [.. files.Select(Path.GetFullPath).Select(WithName)];
            foreach (StorePath path in await importer.AddAsync(sources, cancellationToken))
            {
                Console.WriteLine(directory.Print(path));
            }

            return 0;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return Failure;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("Interrupted: nothing was added.");
            return Failure;
        }

        (string File, string Name) WithName(string file)
        {
            string trimmed = Path.TrimEndingDirectorySeparator(file);
            return (trimmed, name ?? Path.GetFileName(trimmed));
        }
    }
}
