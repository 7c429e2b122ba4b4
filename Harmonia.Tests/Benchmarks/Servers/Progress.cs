namespace Harmonia.Benchmarks.Servers;

/// <summary>What happens, on standard error: standard output has the tables alone.</summary>
internal static class Progress
{
    /// <summary>Names what begins now.</summary>
    public static void Step(string text) => Console.Error.WriteLine(text);

    /// <summary>Tells something about the current step.</summary>
    public static void Note(string text) => Console.Error.WriteLine($"  {text}");
}
