using Harmonia.Protocol.Wire;

namespace Harmonia.Protocol.Messages.Stderr;

/// <summary>An error, after its tag.</summary>
internal static class RemoteErrorCodec
{
    // Nix writes the word twice: for the kind of what follows, and for a name that is obsolete.
    private const string Kind = "Error";

    // Nix: src/libutil/serialise.cc, operator<<(Sink &, const Error &) and readError; src/libstore/daemon.cc, TunnelLogger::stopWork
    //   since 1.26: string "Error" · u64 level · string name (obsolete) · string message · u64 0 (no position)
    //               · u64 number of traces · each: u64 0 (no position), string text
    //   before:     string message · u64 exit status

    /// <summary>Writes the error in the layout of the version.</summary>
    public static void Write(WireWriter writer, ProtocolVersion version, RemoteError error)
    {
        if (!version.IsAtLeast(26))
        {
            writer.WriteString(error.Message);
            writer.WriteUInt64(error.ExitStatus);
            return;
        }

        writer.WriteString(Kind);
        writer.WriteUInt64((uint)error.Level);
        writer.WriteString(Kind);
        writer.WriteString(error.Message);
        writer.WriteUInt64(0);
        writer.WriteUInt64((ulong)error.Traces.Count);
        foreach (string trace in error.Traces)
        {
            writer.WriteUInt64(0);
            writer.WriteString(trace);
        }
    }

    /// <summary>Reads an error in the layout of the version. Its texts are for people, and may be any bytes.</summary>
    /// <exception cref="WireException">The bytes are not an error.</exception>
    public static async ValueTask<RemoteError> ReadAsync(WireReader reader, ProtocolVersion version, CancellationToken cancellationToken)
    {
        if (!version.IsAtLeast(26))
        {
            return new RemoteError
            {
                Message = await reader.ReadTextAsync(WireLimits.Text, cancellationToken),
                ExitStatus = await reader.ReadUInt32Async(cancellationToken),
            };
        }

        string kind = await reader.ReadTextAsync(WireLimits.Name, cancellationToken);
        if (kind != Kind)
        {
            throw new WireException($"An error begins with '{kind}' instead of '{Kind}'.");
        }

        LogLevel level = (LogLevel)await reader.ReadUInt32Async(cancellationToken);
        _ = await reader.ReadTextAsync(WireLimits.Name, cancellationToken);
        string message = await reader.ReadTextAsync(WireLimits.Text, cancellationToken);
        await ReadNoPositionAsync(reader, cancellationToken);
        int count = await reader.ReadCountAsync(WireLimits.Fields, cancellationToken);
        List<string> traces = [];
        for (int i = 0; i < count; i++)
        {
            await ReadNoPositionAsync(reader, cancellationToken);
            traces.Add(await reader.ReadTextAsync(WireLimits.Text, cancellationToken));
        }

        return new RemoteError { Message = message, Level = level, Traces = traces };
    }

    private static async ValueTask ReadNoPositionAsync(WireReader reader, CancellationToken cancellationToken)
    {
        if (await reader.ReadBoolAsync(cancellationToken))
        {
            throw new WireException("An error has a position, but positions have no defined layout.");
        }
    }
}
