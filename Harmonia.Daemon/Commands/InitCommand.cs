using Harmonia.Daemon.Adding;

namespace Harmonia.Daemon.Commands;

/// <summary>Creates an empty store.</summary>
internal static class InitCommand
{
    private const int Failure = 1;

    /// <summary>Creates what is missing; returns the exit code.</summary>
    public static async Task<int> RunAsync(string root)
    {
        try
        {
            StoreCreation.EnsureExists(new StoreLayout(Path.GetFullPath(root)));
            return 0;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return Failure;
        }
    }
}
