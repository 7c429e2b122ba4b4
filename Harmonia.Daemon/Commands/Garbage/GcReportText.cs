using System.Globalization;
using Harmonia.Protocol.Primitives;

namespace Harmonia.Daemon.Commands.Garbage;

/// <summary>Writes a report for people.</summary>
internal static class GcReportText
{
    public static void Write(GcReport report, TextWriter output)
    {
        WriteGenerations(report, output);
        if (report.Missing <= 0)
        {
            output.WriteLine(
                $"No garbage {Was(report)} collected: {ByteSize.Of(report.Free)} are free, and --ensure-free asks for {ByteSize.Of(report.FreeWanted!.Value)}.");
            return;
        }

        WritePaths(report, output);
        if (report.Kept.Count > 0)
        {
            output.WriteLine(
                $"Kept {Counted.Of(report.Kept.Count, "path")} with {ByteSize.Of(report.Kept.Sum(path => path.NarSize ?? 0))}: "
                + "--keep-recent or --gc-roots-dir asks for them.");
        }

        output.WriteLine($"{ByteSize.Of(report.Free)} are free.");
        if (report.IsTooLittleFree)
        {
            output.WriteLine(
                $"--ensure-free asks for {ByteSize.Of(report.FreeWanted!.Value)}: "
                + (report.BytesFreed >= report.Limit ? "--max-freed ended the collection before." : "there is no more garbage."));
        }

        WriteRoots(report, output);
    }

    private static string Was(GcReport report) => report.IsDryRun ? "would be" : "was";

    private static string Deleted(GcReport report) => report.IsDryRun ? "Would delete" : "Deleted";

    private static void WriteGenerations(GcReport report, TextWriter output)
    {
        List<Generation> gone = [.. report.Generations.Where(generation => generation.Problem is null)];
        if (gone.Count > 0)
        {
            output.WriteLine($"{Deleted(report)} {Counted.Of(gone.Count, "generation")}:");
        }

        foreach (Generation generation in gone)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {generation.LinkText}, made {generation.Created.LocalDateTime:yyyy-MM-dd HH:mm}"));
        }
    }

    private static void WritePaths(GcReport report, TextWriter output)
    {
        string paths = Counted.Of(report.Paths.Count, "path");
        if (report.Paths.Count == 0)
        {
            output.WriteLine($"No garbage {Was(report)} deleted: there is none.");
        }
        else if (report.BytesFreed is long freed)
        {
            output.WriteLine($"Deleted {paths} and freed {ByteSize.Of(freed)}.");
        }
        else
        {
            output.WriteLine(report.Limit is long limit
                ? $"Would delete as many of {paths} as it takes to free {ByteSize.Of(limit)}. All together have {ByteSize.Of(report.NarSize)}:"
                : $"Would delete {paths} with {ByteSize.Of(report.NarSize)}:");
            foreach (GarbagePath path in report.Paths.OrderByDescending(path => path.NarSize ?? 0))
            {
                output.WriteLine($"  {(path.NarSize is long size ? ByteSize.Of(size) : "?"),12}  {path.Path}");
            }
        }
    }

    private static void WriteRoots(GcReport report, TextWriter output)
    {
        if (report.Roots is RootSummary roots)
        {
            output.WriteLine("What else is in the store is in use. Its roots are:");
            output.WriteLine($"  {Counted.Of(roots.Generations, "generation")} of profiles");
            output.WriteLine($"  {Counted.Of(roots.Links, "other link")}, such as result links of builds");
            output.WriteLine($"  {Counted.Of(roots.Processes, "path")} that processes use");
            output.WriteLine($"  {Counted.Of(roots.Temporary, "path")} that clients keep while they work");
            output.WriteLine("'nix-store --gc --print-roots' lists them. Old generations are deleted with --delete-older-than.");
        }
    }
}
