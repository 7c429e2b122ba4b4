using System.Diagnostics;

namespace Harmonia.Benchmarks.Servers.Processes;

/// <summary>Runs programs to their end. One that fails ends the measurement, with what it wrote to standard error.</summary>
internal static class Command
{
    /// <summary>Whether a program is on PATH.</summary>
    public static bool Exists(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(':', StringSplitOptions.RemoveEmptyEntries)
        .Any(directory => File.Exists(Path.Combine(directory, program)));

    /// <summary>Runs a program and returns its standard output.</summary>
    public static Task<string> ReadAsync(
        string program, IEnumerable<string> arguments, CancellationToken cancellationToken, IReadOnlyDictionary<string, string>? environment = null) =>
        ReadAsync(program, arguments, static (output, cancellation) => new StreamReader(output).ReadToEndAsync(cancellation), cancellationToken, environment);

    /// <summary>Runs a program and has its standard output read.</summary>
    public static async Task<T> ReadAsync<T>(
        string program, IEnumerable<string> arguments, Func<Stream, CancellationToken, Task<T>> read, CancellationToken cancellationToken,
        IReadOnlyDictionary<string, string>? environment = null)
    {
        using Process process = Start(program, arguments, environment);
        try
        {
            Task<string> errors = process.StandardError.ReadToEndAsync(cancellationToken);
            T result = await read(process.StandardOutput.BaseStream, cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode == 0
                ? result
                : throw new BenchmarkException($"{program} ended with exit code {process.ExitCode}:\n{await errors}".TrimEnd());
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    /// <summary>Runs a program and tells whether it succeeded; its output is dropped.</summary>
    public static async Task<bool> TryRunAsync(string program, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        try
        {
            await ReadAsync(program, arguments, cancellationToken);
            return true;
        }
        catch (BenchmarkException)
        {
            return false;
        }
    }

    /// <summary>Runs a program with standard output and error in a file.</summary>
    public static async Task LogAsync(
        string log, string program, IEnumerable<string> arguments, CancellationToken cancellationToken,
        IReadOnlyDictionary<string, string>? environment = null)
    {
        await using RunningProgram running = RunningProgram.Start(log, program, arguments, environment);
        if (await running.WaitAsync(cancellationToken) is not 0 and int code)
            throw new BenchmarkException($"{program} ended with exit code {code}:\n{await File.ReadAllTextAsync(log, cancellationToken)}".TrimEnd());
    }

    private static Process Start(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        return Process.Start(start)!;
    }
}
