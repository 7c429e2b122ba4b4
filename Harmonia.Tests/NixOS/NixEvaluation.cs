using System.Text.Json;
using Harmonia.Tests.Support;

namespace Harmonia.Tests.NixOS;

/// <summary>Evaluates Nix files, without a store and without a daemon.</summary>
internal static class NixEvaluation
{
    private const string Folder = "Harmonia.Tests/NixOS/Stub";

    // Nothing of the user who runs the tests, or of this machine, has a say.
    private static readonly Dictionary<string, string?> Environment = new()
    {
        ["HOME"] = "/nonexistent",
        ["NIX_PATH"] = "",
        ["NIX_CONFIG"] = null,
        ["NIX_REMOTE"] = null,
    };

    /// <summary>The value of a file of the stub, which is a function of strings.</summary>
    public static async Task<JsonElement> EvaluateAsync(NixRelease release, string file, params (string Name, string Value)[] arguments)
    {
        string[] command = ["--store", "dummy://", "--eval", "--strict", "--json", Repository.PathOf($"{Folder}/{file}")];
        CommandResult result = await Command.RunAsync(
            release.Program("nix-instantiate"),
            [.. command, .. arguments.SelectMany(argument => (string[])["--argstr", argument.Name, argument.Value])],
            Environment);
        using JsonDocument document = JsonDocument.Parse(result.Output);
        return document.RootElement.Clone();
    }

    /// <summary>Reads a file without evaluating it.</summary>
    public static Task<CommandResult> ParseAsync(NixRelease release, string path) =>
        Command.TryRunAsync(release.Program("nix-instantiate"), ["--parse", path], Environment);
}
