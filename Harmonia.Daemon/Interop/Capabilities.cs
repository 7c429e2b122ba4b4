using System.Globalization;

namespace Harmonia.Daemon.Interop;

/// <summary>The privileges of this process (capabilities(7)).</summary>
internal static class Capabilities
{
    private const string EffectiveSet = "CapEff:";
    private const int Ptrace = 19; // CAP_SYS_PTRACE

    /// <summary>Whether it has any. A root without one was meant to read only.</summary>
    public static bool HasAny => Effective() != 0;

    /// <summary>Whether it may see the files of all processes, at least those of its user namespace.</summary>
    public static bool MaySeeProcesses => (Effective() & (1UL << Ptrace)) != 0;

    private static ulong Effective()
    {
        string line = File.ReadLines("/proc/self/status").First(line => line.StartsWith(EffectiveSet, StringComparison.Ordinal));
        return ulong.Parse(line.AsSpan(EffectiveSet.Length).Trim(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }
}
