using System.Threading.Channels;
using Harmonia.Cache.Configuration;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.NarInfo;

/// <summary>
/// Keeps signatures in files, one for each key, across restarts. A key always makes the same signature for the same text, and makes it
/// for more CPU time than all other work on a narinfo takes. Whoever signs reads a file and never waits for one that is written.
/// </summary>
public sealed class KeptSignatures : IDisposable
{
    // What two cores sign in a tenth of a second. Others that come meanwhile are made again when they are asked for again.
    private const int MaxQueued = 4096;

    // To wake the thread that writes costs more than to write.
    private static readonly TimeSpan BetweenWrites = TimeSpan.FromMilliseconds(10);

    private readonly Channel<(KeySignatures Key, byte[] Entry)> _made =
        Channel.CreateBounded<(KeySignatures Key, byte[] Entry)>(new BoundedChannelOptions(MaxQueued) { SingleReader = true });

    private readonly SignatureDirectory _directory;
    private readonly long _maxSize;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private volatile Dictionary<PublicKey, KeySignatures> _keys = [];

    /// <summary>Opens the files of these keys, and deletes those of others.</summary>
    /// <exception cref="IOException">The directory cannot be created.</exception>
    /// <exception cref="UnauthorizedAccessException">The directory cannot be created by this user.</exception>
    public KeptSignatures(SignatureOptions options, IReadOnlyList<SecretKey> keys, TimeProvider time, ILogger<KeptSignatures> logger)
    {
        (_maxSize, _time, _logger) = (options.MaxSize, time, logger);
        _directory = new SignatureDirectory(options.Directory, logger);
        Use(keys);
    }

    /// <summary>Replaces the keys. Must not run twice at the same time.</summary>
    public void Use(IReadOnlyList<SecretKey> keys)
    {
        Dictionary<PublicKey, KeySignatures> before = _keys;
        Dictionary<PublicKey, KeySignatures> after = [];
        foreach (PublicKey key in keys.Select(key => key.PublicKey).Distinct())
        {
            after.Add(key, before.TryGetValue(key, out KeySignatures? same)
                ? same
                : new KeySignatures(_directory.FileOf(key), key, _maxSize, _time, _logger));
        }

        _keys = after;
        foreach ((PublicKey key, KeySignatures signatures) in before)
        {
            if (!after.ContainsKey(key))
                signatures.Dispose();
        }

        _directory.DeleteOthers(after.Keys);
    }

    /// <summary>Finds the signature of a text, or makes it.</summary>
    /// <param name="key">The key that signs.</param>
    /// <param name="text">The text.</param>
    /// <param name="isKept">Whether it was made before.</param>
    public Signature Sign(SecretKey key, ReadOnlySpan<byte> text, out bool isKept)
    {
        isKept = false;
        // During a reload, a request may sign with a key that has gone.
        if (!_keys.TryGetValue(key.PublicKey, out KeySignatures? signatures))
            return key.Sign(text);
        ReadOnlySpan<byte> id = SignatureBucket.IdOf(key.PublicKey, text);
        byte[] bytes = new byte[Signature.ByteLength];
        isKept = signatures.TryGet(id, bytes);
        if (isKept)
            return new Signature(key.Name, bytes);
        Signature signature = key.Sign(text);
        _made.Writer.TryWrite((signatures, SignatureBucket.Entry(id, signature)));
        return signature;
    }

    /// <summary>Writes what is made, until it is canceled and all of it is written.</summary>
    public async Task WriteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (await _made.Reader.WaitToReadAsync(stoppingToken))
            {
                WriteQueued();
                await Task.Delay(BetweenWrites, stoppingToken);
            }
        }
        finally
        {
            WriteQueued();
        }
    }

    public void Dispose()
    {
        foreach (KeySignatures signatures in _keys.Values)
            signatures.Dispose();
    }

    private void WriteQueued()
    {
        while (_made.Reader.TryRead(out (KeySignatures Key, byte[] Entry) made))
            made.Key.Put(made.Entry);
    }
}
