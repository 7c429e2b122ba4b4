using Harmonia.Protocol.Primitives;
using static Harmonia.Protocol.Nar.NarExpectation;

namespace Harmonia.Protocol.Nar;

/// <summary>
/// Reads a NAR in pieces of any size, from a stream that may go on after it. It enforces all rules of the format (Nix:
/// src/libutil/archive.cc, parseDump) and finds the exact end of the NAR. It needs a few kilobytes of memory, whatever the size of the
/// NAR.
/// </summary>
/// <remarks>For one thread at a time. It cannot be used after an exception.</remarks>
/// <param name="visitor">Receives what is found; null to check only.</param>
public sealed class NarParser(INarVisitor? visitor = null)
{
    private readonly NarString _string = new();
    private readonly NarNames _names = new();
    private NarExpectation _expected = Magic;
    private bool _isExecutable;
    private bool _hasFailed;
    private long _contentsLeft;
    private int _paddingLeft;

    /// <summary>Whether the NAR's last parenthesis has been read.</summary>
    public bool IsComplete => _expected == Nothing;

    /// <summary>The number of bytes of the NAR that have been read: its size, once it is complete.</summary>
    public long Position { get; private set; }

    /// <summary>
    /// Reads the next bytes and returns how many of them belong to the NAR: all of them, unless the NAR ends before.
    /// </summary>
    /// <exception cref="NarFormatException">The bytes are not a NAR.</exception>
    public int Consume(ReadOnlySpan<byte> input)
    {
        if (_hasFailed)
            throw new InvalidOperationException("This parser has already refused its NAR.");

        // Set until the end of the call, so that the parser cannot go on after an exception, including one of the visitor.
        _hasFailed = true;
        ReadOnlySpan<byte> rest = input;
        while (!rest.IsEmpty && !IsComplete)
        {
            int before = rest.Length;
            Step(ref rest);
            Position += before - rest.Length;
        }

        _hasFailed = false;
        return input.Length - rest.Length;
    }

    private void Step(ref ReadOnlySpan<byte> input)
    {
        switch (_expected)
        {
            case ContentsSize:
                if (_string.TryTakeNumber(ref input, Position, out ulong size))
                    BeginFile(size);
                break;
            case Contents:
                TakeContents(ref input);
                break;
            case ContentsPadding:
                TakePadding(ref input);
                break;
            default:
                if (_string.TryTake(ref input, Position, Limit(_expected), out ReadOnlySpan<byte> text))
                    _expected = Accept(text);
                break;
        }
    }

    /// <summary>Checks a string and returns what is expected after it.</summary>
    private NarExpectation Accept(ReadOnlySpan<byte> text) => _expected switch
    {
        Magic => Require(text, "nix-archive-1"u8, NodeOpen),
        NodeOpen => Require(text, "("u8, TypeTag),
        TypeTag => Require(text, "type"u8, NarExpectation.Type),
        NarExpectation.Type => AcceptType(text),
        ExecutableOrContents => text.SequenceEqual("executable"u8) ? ExecutableValue : Require(text, "contents"u8, ContentsSize),
        ExecutableValue => AcceptExecutable(),
        ContentsTag => Require(text, "contents"u8, ContentsSize),
        TargetTag => Require(text, "target"u8, Target),
        Target => AcceptTarget(text),
        NodeClose => Require(text, ")"u8, AfterNode()),
        EntryOrClose => text.SequenceEqual("entry"u8) ? EntryOpen : EndDirectory(text),
        EntryOpen => Require(text, "("u8, NameTag),
        NameTag => Require(text, "name"u8, Name),
        Name => AcceptName(text),
        NodeTag => AcceptNode(text),
        _ => Require(text, ")"u8, EntryOrClose),
    };

    private NarExpectation AcceptType(ReadOnlySpan<byte> type)
    {
        _isExecutable = false;
        if (type.SequenceEqual("regular"u8))
            return ExecutableOrContents;
        if (type.SequenceEqual("symlink"u8))
            return TargetTag;
        Require(type, "directory"u8, EntryOrClose);
        visitor?.BeginDirectory(_names.Current);
        _names.Enter();
        return EntryOrClose;
    }

    private NarExpectation AcceptExecutable()
    {
        _isExecutable = true;
        return ContentsTag;
    }

    private void BeginFile(ulong size)
    {
        if (size > (ulong)(long.MaxValue - Position - sizeof(ulong)))
            throw new NarFormatException($"Expected the size of a file, got {size}", _string.Offset);
        visitor?.BeginFile(_names.Current, (long)size, _isExecutable);
        (_contentsLeft, _paddingLeft) = ((long)size, Padding.Of((long)size));
        _expected = Contents;
        EndFileWhenComplete();
    }

    private void TakeContents(ref ReadOnlySpan<byte> input)
    {
        int count = (int)Math.Min(_contentsLeft, input.Length);
        visitor?.Contents(input[..count]);
        input = input[count..];
        _contentsLeft -= count;
        EndFileWhenComplete();
    }

    private void TakePadding(ref ReadOnlySpan<byte> input)
    {
        int count = Math.Min(_paddingLeft, input.Length);
        if (input[..count].ContainsAnyExcept((byte)0))
            throw new NarFormatException("Expected padding of zeros, got something else", Position);
        input = input[count..];
        _paddingLeft -= count;
        EndFileWhenComplete();
    }

    private void EndFileWhenComplete()
    {
        if (_contentsLeft > 0)
            return;
        _expected = _paddingLeft > 0 ? ContentsPadding : NodeClose;
        if (_paddingLeft == 0)
            visitor?.EndFile();
    }

    private NarExpectation AcceptTarget(ReadOnlySpan<byte> target)
    {
        if (target.IsEmpty || target.Contains((byte)0))
            throw Unexpected(target);
        visitor?.Symlink(_names.Current, target);
        return NodeClose;
    }

    private NarExpectation AcceptName(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty || name.ContainsAny((byte)0, (byte)'/') || name.SequenceEqual("."u8) || name.SequenceEqual(".."u8))
            throw Unexpected(name);
        if (name.SequenceCompareTo(_names.Current) <= 0)
        {
            throw new NarFormatException(
                $"Expected a name after '{PrintableBytes.Of(_names.Current)}', got '{PrintableBytes.Of(name)}'", _string.Offset);
        }

        _names.Replace(name);
        return NodeTag;
    }

    private NarExpectation AcceptNode(ReadOnlySpan<byte> tag)
    {
        Require(tag, "node"u8, NodeOpen);
        return _names.Depth < NarLimits.Depth
            ? NodeOpen
            : throw new NarFormatException($"Expected at most {NarLimits.Depth} nodes within each other, got one more", _string.Offset);
    }

    private NarExpectation EndDirectory(ReadOnlySpan<byte> tag)
    {
        Require(tag, ")"u8, EntryOrClose);
        visitor?.EndDirectory();
        _names.Leave();
        return AfterNode();
    }

    private NarExpectation AfterNode() => _names.Depth == 0 ? Nothing : EntryClose;

    private NarExpectation Require(ReadOnlySpan<byte> text, ReadOnlySpan<byte> tag, NarExpectation next) =>
        text.SequenceEqual(tag) ? next : throw Unexpected(text);

    private NarFormatException Unexpected(ReadOnlySpan<byte> text) =>
        new($"Expected {Describe(_expected)}, got '{PrintableBytes.Of(text)}'", _string.Offset);

    private static int Limit(NarExpectation expected) => expected switch
    {
        ExecutableValue => 0,
        Name => NarLimits.NameLength,
        Target => NarLimits.TargetLength,
        _ => NarLimits.TagLength,
    };

    private static string Describe(NarExpectation expected) => expected switch
    {
        Magic => "'nix-archive-1'",
        NodeOpen or EntryOpen => "'('",
        TypeTag => "'type'",
        NarExpectation.Type => "'regular', 'symlink' or 'directory'",
        ExecutableOrContents => "'executable' or 'contents'",
        ExecutableValue => "an empty string",
        ContentsTag => "'contents'",
        ContentsSize => "the size of a file",
        Contents => "the contents of a file",
        ContentsPadding => "padding",
        TargetTag => "'target'",
        Target => "a target without NUL",
        EntryOrClose => "'entry' or ')'",
        NameTag => "'name'",
        Name => "a name other than '.' and '..' without '/' and NUL",
        NodeTag => "'node'",
        _ => "')'",
    };
}
