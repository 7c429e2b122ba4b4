using System.Globalization;
using System.Runtime.InteropServices;

namespace Harmonia.Cache.Interop;

/// <summary>The user that runs this process.</summary>
internal static partial class ProcessUser
{
    /// <summary>The name, or the number of a user without one: dynamic users of systemd have names only where libnss-systemd is installed.</summary>
    public static string Name =>
        Environment.UserName is { Length: > 0 } name ? name : GetEffectiveUserId().ToString(CultureInfo.InvariantCulture);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint GetEffectiveUserId();
}
