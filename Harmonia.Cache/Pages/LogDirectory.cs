using System.Text;
using Harmonia.Protocol.Nar;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Pages;

/// <summary>
/// The logs that Nix keeps of builds: <c>drvs/&lt;two characters&gt;/&lt;rest&gt;</c> of a derivation's base name, plain or, by default,
/// compressed; below <c>drvs</c> no symbolic link is followed. Nix: src/libstore/local-fs-store.cc, LocalFSStore::getBuildLogExact.
/// </summary>
public sealed class LogDirectory(string path)
{
    private const int PrefixLength = 2;
    private const string CompressedExtension = ".bz2";

    // About one in a thousand of all logs. Only a part of a larger directory is searched.
    private const int MaxSearched = 100_000;

    private readonly string _drvs = Path.Combine(path, "drvs");

    /// <summary>Where Nix keeps the logs of a store, by default.</summary>
    /// <param name="storeDirectory">Where its files are.</param>
    public static string Of(string storeDirectory) =>
        Path.Combine(Path.GetDirectoryName(storeDirectory.TrimEnd('/')) ?? "/", "var/log/nix");

    /// <summary>The log of a derivation; null if there is none.</summary>
    /// <exception cref="IOException">It can't be opened.</exception>
    public LogFile? Find(StorePath derivation)
    {
        string name = derivation.BaseName;
        try
        {
            using TreeNode.Directory drvs = TreeNode.Directory.Open(Encoding.UTF8.GetBytes(_drvs));
            using TreeNode? directory = drvs.Contents.Find(Encoding.ASCII.GetBytes(name[..PrefixLength]));
            return (directory is TreeNode.Directory { Contents: var logs } ? Find(logs, name[PrefixLength..]) : null)
                ?? Find(drvs.Contents, name);
        }
        catch (FileNotFoundException)
        {
            // No build has been logged here yet.
            return null;
        }
    }

    /// <summary>The derivation with this hash part that has a log; null if there is none.</summary>
    /// <exception cref="IOException">The directory can't be read.</exception>
    public StorePath? FindName(StorePathHash hash)
    {
        string digits = hash.ToString();
        string beginning = $"{digits[PrefixLength..]}-";
        try
        {
            string? name = Directory.EnumerateFiles(Path.Combine(_drvs, digits[..PrefixLength]))
                .Take(MaxSearched)
                .Select(file => Path.GetFileName(file))
                .FirstOrDefault(name => name.StartsWith(beginning, StringComparison.Ordinal));
            if (name is null)
                return null;
            if (name.EndsWith(CompressedExtension, StringComparison.Ordinal))
                name = name[..^CompressedExtension.Length];
            return StorePath.TryParse($"{digits[..PrefixLength]}{name}", out StorePath? derivation) ? derivation : null;
        }
        catch (DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static LogFile? Find(TreeDirectory directory, string name) =>
        FindRegular(directory, name) is { } plain ? new LogFile(plain, IsCompressed: false)
        : FindRegular(directory, name + CompressedExtension) is { } compressed ? new LogFile(compressed, IsCompressed: true)
        : null;

    private static TreeNode.Regular? FindRegular(TreeDirectory directory, string name)
    {
        TreeNode? node = directory.Find(Encoding.ASCII.GetBytes(name));
        if (node is TreeNode.Regular regular)
            return regular;
        node?.Dispose();
        return null;
    }
}
