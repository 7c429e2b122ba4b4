using Harmonia.Cache.Metrics;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.NarInfo;

/// <summary>The directory of kept signatures: a <see cref="SignatureFile"/> for each key, and perhaps files of others.</summary>
internal sealed class SignatureDirectory
{
    private const string Extension = ".signatures";

    private readonly string _path;
    private readonly ILogger _logger;

    /// <summary>Creates the directory if there is none.</summary>
    /// <exception cref="IOException">It cannot be created.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be created by this user.</exception>
    public SignatureDirectory(string path, ILogger logger)
    {
        (_path, _logger) = (Path.GetFullPath(path), logger);
        Directory.CreateDirectory(_path);
    }

    /// <summary>The path of a key's file.</summary>
    public string FileOf(PublicKey key) => Path.Combine(_path, SignatureFile.NameOf(key) + Extension);

    /// <summary>Deletes the files of all keys but these. A file that another process has open, or that is not ours, stays.</summary>
    public void DeleteOthers(IEnumerable<PublicKey> keys)
    {
        HashSet<string> kept = [.. keys.Select(FileOf)];
        try
        {
            foreach (string file in Directory.GetFiles(_path, "*" + Extension).Where(file => IsOurs(file) && !kept.Contains(file)))
                Delete(file);
        }
        catch (Exception exception) when (KeySignatures.IsOfFile(exception))
        {
            _logger.SignaturesNotDeleted(_path, exception.Message);
        }
    }

    private void Delete(string file)
    {
        try
        {
            if (SignatureFile.TryDelete(file))
                _logger.SignaturesDeleted(file);
        }
        catch (Exception exception) when (KeySignatures.IsOfFile(exception))
        {
            _logger.SignaturesNotDeleted(file, exception.Message);
        }
    }

    private static bool IsOurs(string file)
    {
        string name = Path.GetFileNameWithoutExtension(file);
        return name.Length == SignatureFile.NameLength && name.All(char.IsAsciiHexDigitLower);
    }
}
