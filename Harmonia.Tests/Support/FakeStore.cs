using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Queries;
using Harmonia.Protocol.Store;
using Harmonia.Protocol.Wire;

namespace Harmonia.Tests.Support;

/// <summary>A store that has a path for every hash part, so a test can recognize the reply to each request.</summary>
public static class FakeStore
{
    /// <summary>A hash part with this number in it.</summary>
    public static StorePathHash Hash(int number)
    {
        byte[] bytes = new byte[StorePathHash.ByteLength];
        BitConverter.TryWriteBytes(bytes, number);
        return StorePathHash.FromBytes(bytes);
    }

    /// <summary>The path with this hash part.</summary>
    public static StorePath PathOf(StorePathHash hash) => new(hash, "fake");

    /// <summary>What is known about a path: all of it follows from its name.</summary>
    public static UnkeyedValidPathInfo InfoOf(StorePath path) => new()
    {
        NarHash = NarHash.Of(System.Text.Encoding.ASCII.GetBytes(path.BaseName)),
        NarSize = (ulong)path.BaseName.Length,
        RegistrationTime = 1,
        References = [path],
    };

    /// <summary>The paths that refer to every path: itself and two others.</summary>
    public static IReadOnlyList<StorePath> ReferrersOf(StorePath path) => [.. new[] { path, PathOf(Hash(1)), PathOf(Hash(2)) }.Order()];

    /// <summary>Answers lookups until the client leaves.</summary>
    public static async Task ServeAsync(FakeSession session, CancellationToken cancellationToken)
    {
        while (await session.ReadOperationAsync(cancellationToken) is { } operation)
        {
            await AnswerAsync(session, operation, cancellationToken);
            await session.Writer.FlushAsync(cancellationToken);
        }
    }

    /// <summary>Reads the rest of a request and writes its reply; not flushed.</summary>
    public static async Task AnswerAsync(FakeSession session, Operation operation, CancellationToken cancellationToken)
    {
        switch (operation)
        {
            case Operation.IsValidPath:
                await session.ReadPathAsync(cancellationToken);
                session.SayLast();
                session.Writer.WriteBool(true);
                break;
            case Operation.QueryPathInfo:
                StorePath path = await session.ReadPathAsync(cancellationToken);
                session.SayLast();
                UnkeyedValidPathInfoCodec.WriteOptional(session.Writer, session.Context, InfoOf(path));
                break;
            case Operation.QueryReferrers:
                StorePath referred = await session.ReadPathAsync(cancellationToken);
                session.SayLast();
                StorePathCodec.WriteSet(session.Writer, session.Context, ReferrersOf(referred));
                break;
            case Operation.QueryPathFromHashPart:
                StorePathHash hash = await session.ReadHashPartAsync(cancellationToken);
                session.SayLast();
                StorePathCodec.WriteOptional(session.Writer, session.Context, PathOf(hash));
                break;
            case Operation.QueryPathInfosByHashPart:
                IReadOnlyList<StorePathHash> hashes = await StorePathHashCodec.ReadListAsync(session.Reader, WireLimits.HashParts, cancellationToken);
                session.SayLast();
                OptionalPathInfosCodec.Write(session.Writer, session.Context, [.. hashes.Select(Find)]);
                break;
            default:
                throw new InvalidOperationException($"The fake store does not know {operation}.");
        }
    }

    private static ValidPathInfo Find(StorePathHash hash)
    {
        StorePath path = PathOf(hash);
        return new ValidPathInfo { Path = path, Info = InfoOf(path) };
    }
}
