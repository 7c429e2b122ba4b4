using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.NixOS;

/// <summary>What the modules generate for each configuration. <c>HARMONIA_UPDATE_GOLDEN=1</c> writes it anew.</summary>
internal static class GoldenFiles
{
    private const string Folder = "Harmonia.Tests/NixOS/Golden";

    /// <summary>True while the tests write golden files in place of comparing them.</summary>
    public static bool IsUpdating { get; } = Environment.GetEnvironmentVariable("HARMONIA_UPDATE_GOLDEN") == "1";

    /// <summary>The files of one configuration, by name.</summary>
    public static IReadOnlyDictionary<string, string> Of(string configuration) =>
        new DirectoryInfo(Repository.PathOf($"{Folder}/{configuration}")) is { Exists: true } directory
            ? directory.GetFiles().ToDictionary(file => file.Name, file => File.ReadAllText(file.FullName))
            : new Dictionary<string, string>();

    /// <summary>Fails unless a configuration has exactly these files.</summary>
    public static void Compare(string configuration, IReadOnlyDictionary<string, string> actual)
    {
        IReadOnlyDictionary<string, string> expected = Of(configuration);
        Assert.That(actual.Keys, Is.EquivalentTo(expected.Keys), configuration);
        Assert.Multiple(() =>
        {
            foreach ((string name, string text) in expected)
                Assert.That(actual[name], Is.EqualTo(text), $"{configuration}/{name}");
        });
    }

    /// <summary>Replaces the files of a configuration.</summary>
    public static void Write(string configuration, IReadOnlyDictionary<string, string> files)
    {
        string folder = Repository.PathOf($"{Folder}/{configuration}");
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);
        foreach ((string name, string text) in files)
            File.WriteAllText(Path.Combine(folder, name), text);
    }
}
