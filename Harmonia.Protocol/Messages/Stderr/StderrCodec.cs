using Harmonia.Protocol.Wire;

namespace Harmonia.Protocol.Messages.Stderr;

/// <summary>The messages between a request and its reply.</summary>
public static class StderrCodec
{
    // Nix: src/libstore/daemon.cc, TunnelLogger; src/libstore/worker-protocol-connection.cc, processStderrReturn
    //   next:           tag · string text
    //   read:           tag · u64 count
    //   write:          tag · string data
    //   last:           tag
    //   error:          tag · see RemoteErrorCodec
    //   start activity: tag · u64 id · u64 level · u64 type · string text · fields · u64 parent
    //   stop activity:  tag · u64 id
    //   result:         tag · u64 id · u64 type · fields
    //   fields:         u64 count · each: u64 0 and u64 number, or u64 1 and string text

    /// <summary>
    /// Writes the message. Before 1.20 there are no activities: a start becomes a log line with its text, and a stop or a result is left out.
    /// The caller leaves out lines that are less important than the client's verbosity.
    /// </summary>
    public static void Write(WireWriter writer, ProtocolVersion version, StderrMessage message)
    {
        switch (message)
        {
            case StderrMessage.Next next:
                WriteTag(writer, StderrTag.Next);
                writer.WriteString(next.Text);
                break;
            case StderrMessage.Read read:
                WriteTag(writer, StderrTag.Read);
                writer.WriteUInt64(read.Count);
                break;
            case StderrMessage.Write write:
                WriteTag(writer, StderrTag.Write);
                writer.WriteBytes(write.Data.Span);
                break;
            case StderrMessage.Last:
                WriteTag(writer, StderrTag.Last);
                break;
            case StderrMessage.Failure failure:
                WriteTag(writer, StderrTag.Error);
                RemoteErrorCodec.Write(writer, version, failure.Error);
                break;
            case StderrMessage.StartActivity start when version.IsAtLeast(20):
                WriteTag(writer, StderrTag.StartActivity);
                writer.WriteUInt64(start.Id);
                writer.WriteUInt64((uint)start.Level);
                writer.WriteUInt64((uint)start.Type);
                writer.WriteString(start.Text);
                WriteFields(writer, start.Fields);
                writer.WriteUInt64(start.Parent);
                break;
            case StderrMessage.StartActivity { Text.Length: > 0 } start:
                Write(writer, version, new StderrMessage.Next($"{start.Text}...\n"));
                break;
            case StderrMessage.StopActivity stop when version.IsAtLeast(20):
                WriteTag(writer, StderrTag.StopActivity);
                writer.WriteUInt64(stop.Id);
                break;
            case StderrMessage.Result result when version.IsAtLeast(20):
                WriteTag(writer, StderrTag.Result);
                writer.WriteUInt64(result.Id);
                writer.WriteUInt64((uint)result.Type);
                WriteFields(writer, result.Fields);
                break;
        }
    }

    /// <summary>Reads the next message. Its texts are for people, and may be any bytes.</summary>
    /// <exception cref="WireException">The bytes are not a message.</exception>
    public static async ValueTask<StderrMessage> ReadAsync(WireReader reader, ProtocolVersion version, CancellationToken cancellationToken)
    {
        uint tag = await reader.ReadUInt32Async(cancellationToken);
        switch ((StderrTag)tag)
        {
            case StderrTag.Next:
                return new StderrMessage.Next(await reader.ReadTextAsync(WireLimits.Text, cancellationToken));
            case StderrTag.Read:
                return new StderrMessage.Read(await reader.ReadUInt64Async(cancellationToken));
            case StderrTag.Write:
                return new StderrMessage.Write(await reader.ReadBytesAsync(WireLimits.Block, cancellationToken));
            case StderrTag.Last:
                return StderrMessage.Last.Instance;
            case StderrTag.Error:
                RemoteError error = await RemoteErrorCodec.ReadAsync(reader, version, cancellationToken);
                return new StderrMessage.Failure(error);
            case StderrTag.StartActivity:
                return await ReadStartActivityAsync(reader, cancellationToken);
            case StderrTag.StopActivity:
                return new StderrMessage.StopActivity(await reader.ReadUInt64Async(cancellationToken));
            case StderrTag.Result:
                return new StderrMessage.Result(
                    await reader.ReadUInt64Async(cancellationToken),
                    (ResultType)await reader.ReadUInt32Async(cancellationToken),
                    await ReadFieldsAsync(reader, cancellationToken));
            default:
                throw new WireException($"There is no message with the tag 0x{tag:x}.");
        }
    }

    private static void WriteTag(WireWriter writer, StderrTag tag) => writer.WriteUInt64((uint)tag);

    private static void WriteFields(WireWriter writer, IReadOnlyList<ActivityField> fields)
    {
        writer.WriteUInt64((ulong)fields.Count);
        foreach (ActivityField field in fields)
        {
            writer.WriteBool(field.Text is not null);
            if (field.Text is null)
            {
                writer.WriteUInt64(field.Number);
            }
            else
            {
                writer.WriteString(field.Text);
            }
        }
    }

    private static async ValueTask<StderrMessage> ReadStartActivityAsync(WireReader reader, CancellationToken cancellationToken) =>
        new StderrMessage.StartActivity(
            await reader.ReadUInt64Async(cancellationToken),
            (LogLevel)await reader.ReadUInt32Async(cancellationToken),
            (ActivityType)await reader.ReadUInt32Async(cancellationToken),
            await reader.ReadTextAsync(WireLimits.Text, cancellationToken),
            await ReadFieldsAsync(reader, cancellationToken),
            await reader.ReadUInt64Async(cancellationToken));

    private static async ValueTask<IReadOnlyList<ActivityField>> ReadFieldsAsync(WireReader reader, CancellationToken cancellationToken)
    {
        int count = await reader.ReadCountAsync(WireLimits.Fields, cancellationToken);
        List<ActivityField> fields = [];
        for (int i = 0; i < count; i++)
        {
            fields.Add(await reader.ReadPresenceAsync(cancellationToken)
                ? await reader.ReadTextAsync(WireLimits.Text, cancellationToken)
                : await reader.ReadUInt64Async(cancellationToken));
        }

        return fields;
    }
}
