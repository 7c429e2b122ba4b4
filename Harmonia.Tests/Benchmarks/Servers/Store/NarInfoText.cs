namespace Harmonia.Benchmarks.Servers.Store;

/// <summary>Reads the one line of a narinfo that the measurements need.</summary>
internal static class NarInfoText
{
    private const string Field = "URL: ";

    public static string UrlOf(string narInfo) =>
        narInfo.Split('\n').FirstOrDefault(static line => line.StartsWith(Field, StringComparison.Ordinal))?[Field.Length..]
        ?? throw new BenchmarkException($"This narinfo has no URL:\n{narInfo}");
}
