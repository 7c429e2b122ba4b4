using System.Text.Encodings.Web;
using System.Text.Json;
using Harmonia.Tests.Support;

namespace Harmonia.Tests.NixOS;

/// <summary>One of the configurations in <c>Configurations/</c>, and what the modules make of it.</summary>
internal static class ModuleConfiguration
{
    private static readonly JsonSerializerOptions Indented =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n" };

    /// <summary>The names of all configurations.</summary>
    public static IEnumerable<string> Names { get; } =
    [
        .. Directory.GetFiles(Repository.PathOf("Harmonia.Tests/NixOS/Configurations"), "*.nix")
            .Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal),
    ];

    /// <summary>Units and TOML files by name, and <c>system.json</c> with the rest of the system.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> EvaluateAsync(NixRelease release, string name)
    {
        JsonElement result = await NixEvaluation.EvaluateAsync(release, "evaluate.nix", ("name", name));
        Dictionary<string, string> files = new()
        {
            ["system.json"] = Portable(JsonSerializer.Serialize(result.GetProperty("system"), Indented)) + "\n",
        };
        foreach (string kind in (string[])["units", "settings"])
        {
            foreach (JsonProperty file in result.GetProperty(kind).EnumerateObject())
                files.Add(file.Name, Portable(file.Value.GetString()!));
        }

        return files;
    }

    // Warnings name the file that has an option, wherever the repository lies.
    private static string Portable(string text) => text.Replace(Repository.Root + "/", "", StringComparison.Ordinal);
}
