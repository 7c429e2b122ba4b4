namespace Harmonia.Daemon.Configuration;

/// <summary>The format of log lines.</summary>
internal enum LogFormat
{
    /// <summary>Plain text for people.</summary>
    Text,

    /// <summary>Text with a priority prefix such as <c>&lt;6&gt;</c>, which journald removes (sd-daemon(3)).</summary>
    Journald,
}
