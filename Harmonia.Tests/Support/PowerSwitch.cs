using System.Globalization;

namespace Harmonia.Tests.Support;

/// <summary>Simulates a power cut of a daemon: from a certain call on, every call that would change a file fails, on all threads.</summary>
public sealed class PowerSwitch : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private PowerSwitch()
    {
    }

    /// <summary>What becomes the daemon, see <see cref="HarmoniaDaemon.StartAsync(RealNixStore, string, string[])"/>.</summary>
    public string[] Launcher => [_directory["power-cut"], Switch];

    private string Switch => _directory["switch"];

    private string Cut => $"{Switch}.cut";

    /// <summary>Makes one; the launcher is a program in C.</summary>
    public static async Task<PowerSwitch> CreateAsync()
    {
        PowerSwitch power = new();
        await Command.RunAsync("gcc", ["-O", "-Wall", "-o", power.Launcher[0], Repository.PathOf("Harmonia.Tests/Support/power-cut.c")]);
        return power;
    }

    /// <summary>Lets some calls succeed from now on, and no more.</summary>
    public void CutAfter(int calls)
    {
        File.WriteAllText($"{Switch}.new", calls.ToString(CultureInfo.InvariantCulture));
        File.Move($"{Switch}.new", Switch);
    }

    /// <summary>Lets all succeed again.</summary>
    /// <returns>Whether any call has failed.</returns>
    public bool Restore()
    {
        File.Delete(Switch);
        bool hasCut = File.Exists(Cut);
        File.Delete(Cut);
        return hasCut;
    }

    public void Dispose() => _directory.Dispose();
}
