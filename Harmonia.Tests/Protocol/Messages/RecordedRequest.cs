using Harmonia.Protocol.Messages;

namespace Harmonia.Tests.Protocol.Messages;

/// <summary>A request a real client made, without its number and an upload that follows it.</summary>
public sealed record RecordedRequest(Operation Operation, MessageContext Context, byte[] Bytes);
