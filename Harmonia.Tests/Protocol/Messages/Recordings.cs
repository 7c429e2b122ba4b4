using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Messages;

/// <summary>The recordings in Golden/worker-protocol.</summary>
public static class Recordings
{
    private static string Folder => Path.Combine(TestContext.CurrentContext.TestDirectory, "Golden", "worker-protocol");

    public static IEnumerable<string> Files =>
        Directory.EnumerateFiles(Folder, "*.bin").Select(Path.GetFileName).Order(StringComparer.Ordinal)!;

    public static string PathOf(string file) => Path.Combine(Folder, file);
}
