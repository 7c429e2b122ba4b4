using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Harmonia.Tests.Support;

namespace Harmonia.Tests.NixOS;

/// <summary>A NuGet package that building the programs with Nix needs.</summary>
/// <param name="Name">Its id.</param>
/// <param name="Version">Its version.</param>
internal sealed record NuGetPackage(string Name, string Version)
{
    private const string Trimmer = "Microsoft.NET.ILLink.Tasks";
    private static readonly string[] Systems = ["linux-x64", "linux-arm64"];

    /// <summary>The projects that the package builds.</summary>
    public static IReadOnlyList<string> Projects { get; } = ["Harmonia.Protocol", "Harmonia.Daemon", "Harmonia.Cache"];

    /// <summary>
    /// What the lock files of the programs name, and the ahead-of-time compiler with its runtimes, which they do not name: NuGet adds them for
    /// one system at a time, in the version of the trimmer.
    /// </summary>
    public static IReadOnlyList<NuGetPackage> Needed()
    {
        NuGetPackage[] locked = [.. Projects.SelectMany(Locked).Distinct()];
        string version = locked.Single(package => package.Name == Trimmer).Version;
        IEnumerable<string> native = Systems
            .SelectMany(system => (string[])
            [
                $"runtime.{system}.Microsoft.DotNet.ILCompiler",
                $"Microsoft.AspNetCore.App.Runtime.{system}",
                $"Microsoft.NETCore.App.Runtime.{system}",
                $"Microsoft.NETCore.App.Runtime.NativeAOT.{system}",
            ])
            .Append("Microsoft.DotNet.ILCompiler");
        return
        [
            .. locked.Concat(native.Select(name => new NuGetPackage(name, version))).Distinct()
                .OrderBy(package => package.Name, StringComparer.OrdinalIgnoreCase)
                .ThenBy(package => package.Version, StringComparer.Ordinal),
        ];
    }

    /// <summary>The hash of its file in NuGet's folder of this user, as Nix writes it, or null if it was never restored here.</summary>
    public string? FindHash()
    {
        string folder = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget/packages");
        string name = Name.ToLowerInvariant();
        string file = Path.Combine(folder, name, Version, $"{name}.{Version}.nupkg");
        return File.Exists(file) ? $"sha256-{Convert.ToBase64String(SHA256.HashData(File.ReadAllBytes(file)))}" : null;
    }

    private static IEnumerable<NuGetPackage> Locked(string project)
    {
        JsonNode document = JsonNode.Parse(Repository.TextOf($"{project}/packages.lock.json"))!;
        foreach ((string name, JsonNode? entry) in document["dependencies"]!["net10.0"]!.AsObject())
        {
            if (entry!["resolved"] is JsonNode version)
                yield return new NuGetPackage(name, version.GetValue<string>());
        }
    }
}
