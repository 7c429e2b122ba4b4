using System.Globalization;

namespace Harmonia.Daemon.Commands.Garbage;

/// <summary>Numbers with the thing they count: <c>1 path</c>, <c>12 paths</c>.</summary>
internal static class Counted
{
    public static string Of(int count, string thing) => string.Create(CultureInfo.InvariantCulture, $"{count} {thing}{(count == 1 ? "" : "s")}");
}
