using Harmonia.Protocol.Configuration;

namespace Harmonia.Daemon.Configuration;

/// <summary>
/// The settings that Nix reads on this machine: from the system, the user and the environment. Nix:
/// src/libstore/globals.cc, loadConfFile and nixUserConfFiles; the manual's "nix.conf".
/// </summary>
/// <param name="environment">The value of a variable, or null.</param>
internal sealed class NixConfFiles(Func<string, string?> environment)
{
    private const string DefaultFolder = "/etc/nix";
    private const string DefaultSystemFolders = "/etc/xdg";

    /// <summary>Reads all of them. Later ones take precedence.</summary>
    /// <param name="errors">Gets the errors, with file and line.</param>
    /// <param name="warnings">Gets a warning for each name that no Nix knows, and for each file of the user that cannot be read.</param>
    public NixSettings Read(List<ConfigurationError> errors, List<string> warnings)
    {
        NixConfParser parser = new(errors);
        parser.ReadFile(Path.Combine(Variable("NIX_CONF_DIR") ?? DefaultFolder, "nix.conf"), errors.Add);
        foreach (string file in UserFiles().Reverse())
        {
            // A daemon with the HOME of another user must start. Nix ignores all files that it cannot read.
            parser.ReadFile(file, error => warnings.Add(error.ToString()));
        }

        if (environment("NIX_CONFIG") is string text)
        {
            parser.Parse(text, "NIX_CONFIG");
        }

        warnings.AddRange(parser.Settings
            .Where(setting => !NixSettingNames.Exists(setting.Name))
            .DistinctBy(setting => setting.Name)
            .Select(setting => new ConfigurationError(setting.Position, setting.Name, "Nix has no such setting").ToString()));
        return new NixSettings(parser.Settings);
    }

    private IEnumerable<string> UserFiles()
    {
        if (environment("NIX_USER_CONF_FILES") is string files)
        {
            return Split(files);
        }

        string? home = Variable("XDG_CONFIG_HOME") ?? (Variable("HOME") is string folder ? Path.Combine(folder, ".config") : null);
        string[] folders = [.. home is null ? [] : (string[])[home], .. Split(Variable("XDG_CONFIG_DIRS") ?? DefaultSystemFolders)];
        return folders.Select(folder => Path.Combine(folder, "nix", "nix.conf"));
    }

    private static string[] Split(string paths) => paths.Split(':', StringSplitOptions.RemoveEmptyEntries);

    // An empty variable counts as unset.
    private string? Variable(string name) => environment(name) is { Length: > 0 } value ? value : null;
}
