using Harmonia.Protocol.Configuration;

namespace Harmonia.Daemon.Configuration;

/// <summary>
/// Parses nix.conf: <c>name = value</c>, comments, and <c>include</c>. Nix: src/libutil/configuration.cc, parseConfigFiles.
/// </summary>
/// <param name="errors">Gets the errors, with file and line.</param>
internal sealed class NixConfParser(List<ConfigurationError> errors)
{
    /// <summary>The limit on nested includes. Files may include each other in a cycle.</summary>
    private const int MaxDepth = 32;

    private const string Include = "include";
    private const string IncludeIfPossible = "!include";

    private readonly List<NixSetting> _settings = [];
    private int _depth;

    /// <summary>The settings that were read so far, in order.</summary>
    public IReadOnlyList<NixSetting> Settings => _settings;

    /// <summary>Reads a file if it exists.</summary>
    /// <param name="file">Its path.</param>
    /// <param name="unreadable">Gets the error if the file cannot be read.</param>
    public void ReadFile(string file, Action<ConfigurationError> unreadable)
    {
        try
        {
            Parse(File.ReadAllText(file), file);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            // A missing file is like an empty one.
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            unreadable(new ConfigurationError(FilePosition.None, file, exception.Message));
        }
    }

    /// <summary>Parses a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="name">The file of the text, from which relative includes start; or another name for messages.</param>
    public void Parse(string text, string name)
    {
        int number = 0;
        foreach (string line in text.Split('\n'))
        {
            number++;
            string[] words = line.Split('#', 2)[0].Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 0)
            {
                Take(words, new FilePosition(name, number, line.IndexOf(words[0], StringComparison.Ordinal) + 1));
            }
        }
    }

    private void Take(string[] words, FilePosition position)
    {
        switch (words)
        {
            case [Include, string file]:
                ReadIncluded(file, position, isNeeded: true);
                break;
            case [IncludeIfPossible, string file]:
                ReadIncluded(file, position, isNeeded: false);
                break;
            case [not (Include or IncludeIfPossible), "=", .. string[] value]:
                _settings.Add(new NixSetting(position, words[0], string.Join(' ', value)));
                break;
            default:
                errors.Add(new ConfigurationError(position, words[0], "expected 'NAME = VALUE', 'include FILE' or '!include FILE'"));
                break;
        }
    }

    private void ReadIncluded(string file, FilePosition position, bool isNeeded)
    {
        string full = Path.GetFullPath(file, Path.GetDirectoryName(Path.GetFullPath(position.FileName))!);
        if (_depth == MaxDepth)
        {
            errors.Add(new ConfigurationError(position, full, $"expected at most {MaxDepth} nested includes, but got more"));
            return;
        }

        try
        {
            string text = File.ReadAllText(full);
            _depth++;
            Parse(text, full);
            _depth--;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            if (isNeeded)
            {
                errors.Add(new ConfigurationError(position, full, $"the included file cannot be read: {exception.Message}"));
            }
        }
    }
}
