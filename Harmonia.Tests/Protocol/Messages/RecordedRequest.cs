using Harmonia.Protocol.Messages;

namespace Harmonia.Tests.Protocol.Messages;

/// <summary>A request of a real client, without its number and without an upload after it.</summary>
public sealed record RecordedRequest(Operation Operation, MessageContext Context, byte[] Bytes);
