using System.Diagnostics.CodeAnalysis;

namespace Harmonia.Protocol.Messages.Stderr;

/// <summary>
/// The integer each message to the client begins with. Nix: src/libstore/include/nix/store/worker-protocol.hh, STDERR_….
/// </summary>
[SuppressMessage("Design", "CA1008", Justification = "The protocol has no tag 0.")]
internal enum StderrTag : uint
{
    Next = 0x6f6c6d67,
    Read = 0x64617461,
    Write = 0x64617416,
    Last = 0x616c7473,
    Error = 0x63787470,
    StartActivity = 0x53545254,
    StopActivity = 0x53544f50,
    Result = 0x52534c54,
}
