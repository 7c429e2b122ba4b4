namespace Harmonia.Benchmarks.Servers.Processes;

/// <summary>Runs programs as root: by sudo, unless this process is root's.</summary>
internal static class Administrator
{
    public static Task RunAsync(IReadOnlyList<string> command, CancellationToken cancellationToken) => Environment.IsPrivilegedProcess
        ? Command.ReadAsync(command[0], command.Skip(1), cancellationToken)
        : Command.ReadAsync("sudo", command, cancellationToken);
}
