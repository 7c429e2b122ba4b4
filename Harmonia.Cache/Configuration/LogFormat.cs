namespace Harmonia.Cache.Configuration;

/// <summary>The format of log lines.</summary>
public enum LogFormat
{
    /// <summary>Plain text for people.</summary>
    Text,

    /// <summary>Text with a priority prefix such as <c>&lt;6&gt;</c>, which journald removes (sd-daemon(3)).</summary>
    Journald,

    /// <summary>One JSON object per line.</summary>
    Json,
}
