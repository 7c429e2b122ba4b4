using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Wire;

namespace Harmonia.Tests.Protocol.Messages;

/// <summary>Reads one message with its codec and writes it again.</summary>
public delegate Task Transcode(WireReader reader, WireWriter writer, MessageContext context);
