namespace Harmonia.Protocol.Configuration;

/// <summary>A TOML date-time with an offset from UTC (RFC 3339).</summary>
/// <remarks>Kept as written: <see cref="DateTimeOffset"/> cannot hold the offsets beyond 14 hours that RFC 3339 allows.</remarks>
/// <param name="local">Date and time as written.</param>
/// <param name="offset">The offset from UTC.</param>
/// <param name="position">Where it stands; null for a value that comes from no file.</param>
public sealed class TomlOffsetDateTime(DateTime local, TimeSpan offset, TomlPosition? position = null) : TomlValue(position)
{
    /// <summary>Date and time at <see cref="Offset"/>, in steps of 100 ns.</summary>
    public DateTime Local { get; } = local;

    /// <summary>The offset from UTC in whole minutes, less than a day either way.</summary>
    public TimeSpan Offset { get; } = offset;

    /// <inheritdoc/>
    public override string Kind => "an offset date-time";
}
