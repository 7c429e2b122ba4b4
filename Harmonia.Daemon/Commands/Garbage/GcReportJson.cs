using System.Text.Json;

namespace Harmonia.Daemon.Commands.Garbage;

/// <summary>Writes a report for programs. docs/daemon.md has its shape.</summary>
internal static class GcReportJson
{
    public static void Write(GcReport report)
    {
        using Stream output = Console.OpenStandardOutput();
        using (Utf8JsonWriter json = new(output, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteBoolean("dryRun", report.IsDryRun);
            WriteGenerations(json, report.Generations);
            WritePaths(json, "paths", report.Paths);
            json.WriteNumber("narSize", report.NarSize);
            WriteNumber(json, "bytesFreed", report.BytesFreed);
            WriteNumber(json, "limit", report.Limit);
            WritePaths(json, "kept", report.Kept);
            json.WriteNumber("free", report.Free);
            WriteNumber(json, "freeWanted", report.FreeWanted);
            json.WriteEndObject();
        }

        output.WriteByte((byte)'\n');
    }

    private static void WriteGenerations(Utf8JsonWriter json, IReadOnlyList<Generation> generations)
    {
        json.WriteStartArray("generations");
        foreach (Generation generation in generations)
        {
            json.WriteStartObject();
            json.WriteString("profile", generation.Profile);
            json.WriteNumber("number", generation.Number);
            json.WriteString("created", generation.Created);
            json.WriteString("problem", generation.Problem);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WritePaths(Utf8JsonWriter json, string name, IReadOnlyList<GarbagePath> paths)
    {
        json.WriteStartArray(name);
        foreach (GarbagePath path in paths)
        {
            json.WriteStartObject();
            json.WriteString("path", path.Path);
            WriteNumber(json, "narSize", path.NarSize);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, long? number)
    {
        if (number is long value)
        {
            json.WriteNumber(name, value);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
