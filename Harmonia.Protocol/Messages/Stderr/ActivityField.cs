namespace Harmonia.Protocol.Messages.Stderr;

/// <summary>A field of an activity or result: a number or a text.</summary>
/// <param name="Number">The number, if <paramref name="Text"/> is null.</param>
/// <param name="Text">The text, or null.</param>
public readonly record struct ActivityField(ulong Number, string? Text)
{
    /// <summary>A number.</summary>
    public static implicit operator ActivityField(ulong number) => new(number, null);

    /// <summary>A text.</summary>
    public static implicit operator ActivityField(string text) => new(0, text);
}
