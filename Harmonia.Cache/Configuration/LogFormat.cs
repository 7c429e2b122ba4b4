namespace Harmonia.Cache.Configuration;

/// <summary>How a log message becomes a line.</summary>
public enum LogFormat
{
    /// <summary>For people.</summary>
    Text,

    /// <summary>With the priority in front, as in <c>&lt;6&gt;</c>, which journald takes off again (sd-daemon(3)).</summary>
    Journald,

    /// <summary>One JSON object a line.</summary>
    Json,
}
