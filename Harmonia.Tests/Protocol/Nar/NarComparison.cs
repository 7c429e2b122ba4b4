using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Nar;

/// <summary>Compares NARs of megabytes: NUnit's own comparison boxes every byte.</summary>
internal static class NarComparison
{
    public static void AssertSame(byte[] actual, byte[] expected)
    {
        int common = actual.AsSpan().CommonPrefixLength(expected);
        if (common == actual.Length && common == expected.Length)
            return;
        Assert.Fail($"The NARs of {actual.Length} and {expected.Length} (expected) bytes differ from byte {common} on.");
    }
}
