using System.Text;
using Harmonia.Protocol.Nar;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Nar;

/// <summary>Records the events of a parser, one line for each. The pieces of a file's contents are joined.</summary>
internal sealed class RecordingVisitor : INarVisitor
{
    private readonly StringBuilder _contents = new();

    public List<string> Events { get; } = [];

    public void BeginDirectory(ReadOnlySpan<byte> name) => Events.Add($"directory {Text(name)}");

    public void EndDirectory() => Events.Add("end");

    public void BeginFile(ReadOnlySpan<byte> name, long size, bool isExecutable) =>
        Events.Add($"{(isExecutable ? "executable" : "file")} {Text(name)} {size}");

    public void Contents(ReadOnlySpan<byte> data)
    {
        Assert.That(data.Length, Is.Positive);
        _contents.Append(Text(data));
    }

    public void EndFile()
    {
        Events.Add($"contents {_contents}");
        _contents.Clear();
    }

    public void Symlink(ReadOnlySpan<byte> name, ReadOnlySpan<byte> target) => Events.Add($"symlink {Text(name)} {Text(target)}");

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);
}
