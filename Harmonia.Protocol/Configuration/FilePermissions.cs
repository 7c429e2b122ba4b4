namespace Harmonia.Protocol.Configuration;

/// <summary>Warns of secret files that other users of this machine may read or change.</summary>
public static class FilePermissions
{
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>Adds a warning, unless systemd protects the file by other means than its mode.</summary>
    /// <param name="file">The file; links to it are followed.</param>
    /// <param name="credentialsDirectory">CREDENTIALS_DIRECTORY.</param>
    /// <param name="warnings">Gets the warning.</param>
    public static void WarnIfOpenToOthers(string file, string? credentialsDirectory, List<string> warnings)
    {
        UnixFileMode mode = File.GetUnixFileMode(file);
        if ((mode & Others) != UnixFileMode.None && !IsInside(credentialsDirectory, file))
        {
            warnings.Add($"{file} has insecure permissions {Convert.ToString((int)mode, 8)}; recommend 0600");
        }
    }

    private static bool IsInside(string? directory, string file)
    {
        if (directory is null)
        {
            return false;
        }

        string target = File.ResolveLinkTarget(file, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(file);
        return target.StartsWith(Path.GetFullPath(directory).TrimEnd('/') + "/", StringComparison.Ordinal);
    }
}
