namespace Harmonia.Protocol.Nar;

/// <summary>What a <see cref="NarParser"/> expects next: the positions in the grammar of <see cref="NarSyntax"/>.</summary>
internal enum NarExpectation
{
    Magic,
    NodeOpen,
    TypeTag,
    Type,
    ExecutableOrContents,
    ExecutableValue,
    ContentsTag,
    ContentsSize,
    Contents,
    ContentsPadding,
    TargetTag,
    Target,
    NodeClose,
    EntryOrClose,
    EntryOpen,
    NameTag,
    Name,
    NodeTag,
    EntryClose,
    Nothing,
}
