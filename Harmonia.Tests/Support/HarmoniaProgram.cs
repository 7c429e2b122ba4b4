using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Harmonia.Tests.Support;

/// <summary>One of our two programs as its user runs it: a process of its own, ended by SIGTERM.</summary>
public sealed class HarmoniaProgram : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly string? Folder = Environment.GetEnvironmentVariable("HARMONIA_PROGRAMS") is { Length: > 0 } folder ? folder : null;
    private readonly Process _process;
    private readonly StringBuilder _log = new();

    private HarmoniaProgram(Process process) => _process = process;

    public int ProcessId => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>What it has written to standard error so far.</summary>
    public string Log
    {
        get
        {
            lock (_log)
            {
                return _log.ToString();
            }
        }
    }

    /// <summary>
    /// Where <c>harmonia-daemon</c> or <c>harmonia-cache</c> lies: in the folder that <c>HARMONIA_PROGRAMS</c> names, else in its own build
    /// output. The copy beside the tests lacks the libraries which the tests get from the ASP.NET Core framework.
    /// </summary>
    public static string Path(string name)
    {
        DirectoryInfo tests = new(AppContext.BaseDirectory.TrimEnd('/'));
        string project = name == "harmonia-daemon" ? "Harmonia.Daemon" : "Harmonia.Cache";
        return System.IO.Path.Combine(Folder ?? System.IO.Path.Combine(tests.Parent!.Parent!.FullName, project, tests.Name), name);
    }

    /// <summary>Where the native program lies that publish.sh made, unless <c>HARMONIA_PROGRAMS</c> names another folder.</summary>
    /// <exception cref="FileNotFoundException">It was not published.</exception>
    public static string PublishedPath(string name)
    {
        string system = RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? "linux-arm64" : "linux-x64";
        string path = System.IO.Path.Combine(Folder ?? Repository.PathOf($"artifacts/publish/{system}"), name);
        return File.Exists(path) ? path : throw new FileNotFoundException($"{path} is missing: ./publish.sh makes it.", path);
    }

    /// <summary>Starts a program and waits until it is ready to serve.</summary>
    /// <param name="name"><c>harmonia-daemon</c>, <c>harmonia-cache</c> or the full path of a program.</param>
    /// <param name="arguments">Its command line.</param>
    /// <param name="isReady">Asked again and again until it says yes.</param>
    /// <param name="environment">Variables to set, or to remove where the value is null.</param>
    public static async Task<HarmoniaProgram> StartAsync(
        string name, IEnumerable<string> arguments, Func<Task<bool>> isReady, IReadOnlyDictionary<string, string?>? environment = null)
    {
        HarmoniaProgram program = Launch(name, arguments, environment);
        try
        {
            await program.WaitUntilAsync(isReady);
            return program;
        }
        catch
        {
            await program.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a program and returns at once.</summary>
    public static HarmoniaProgram Launch(
        string name, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null)
    {
        // The process that runs the tests may ignore SIGHUP, and children inherit that; a service never does.
        ProcessStartInfo start = new("env", ["--default-signal=HUP", Path(name)])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
        };
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        foreach ((string variable, string? value) in environment ?? new Dictionary<string, string?>())
            start.Environment[variable] = value;

        HarmoniaProgram program = new(Process.Start(start)!);
        program._process.ErrorDataReceived += program.Append;
        program._process.BeginErrorReadLine();
        return program;
    }

    /// <summary>Ends the process at once, as a crash would.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Asks the process to end, waits for it and returns its exit code.</summary>
    public async Task<int> TerminateAsync()
    {
        using (Process kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]))
            await kill.WaitForExitAsync();
        using CancellationTokenSource limit = new(Limit);
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
    }

    /// <summary>Waits until a condition holds, but not longer than the program runs.</summary>
    public async Task WaitUntilAsync(Func<Task<bool>> isReady)
    {
        long start = Stopwatch.GetTimestamp();
        while (!await isReady())
        {
            if (_process.HasExited)
            {
                await _process.WaitForExitAsync();
                throw new InvalidOperationException($"{_process.StartInfo.ArgumentList[1]} ended with {_process.ExitCode}:\n{Log}");
            }

            if (Stopwatch.GetElapsedTime(start) > Limit)
                throw new TimeoutException($"{_process.StartInfo.ArgumentList[1]} is not ready after {Limit}:\n{Log}");
            await Task.Yield();
        }
    }

    private void Append(object sender, DataReceivedEventArgs line)
    {
        lock (_log)
        {
            _log.AppendLine(line.Data);
        }
    }
}
