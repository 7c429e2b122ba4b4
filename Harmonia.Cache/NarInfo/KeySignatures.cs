using Harmonia.Cache.Metrics;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.NarInfo;

/// <summary>
/// The kept signatures of one key. Its file may fail at any time: then nothing is kept for a while, which costs the signatures that
/// are made again and nothing else.
/// </summary>
internal sealed class KeySignatures : IDisposable
{
    // What fails, such as a full disk, seldom works again a moment later.
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromMinutes(1);

    private readonly string _path;
    private readonly PublicKey _key;
    private readonly long _maxSize;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    // Opens, writes and closes. Readers don't wait for it.
    private readonly Lock _lock = new();
    private volatile SignatureFile? _file;
    private long? _failed;
    private bool _isClosed;

    /// <summary>Opens a key's file.</summary>
    public KeySignatures(string path, PublicKey key, long maxSize, TimeProvider time, ILogger logger)
    {
        (_path, _key, _maxSize, _time, _logger) = (path, key, maxSize, time, logger);
        try
        {
            _file = Open();
            logger.KeepsSignatures(key.Name, path);
        }
        catch (Exception exception) when (IsOfFile(exception))
        {
            Fail(exception);
        }
    }

    /// <summary>Whether an exception is of a file and not a mistake of ours.</summary>
    public static bool IsOfFile(Exception exception) =>
        exception is IOException or UnauthorizedAccessException or NotSupportedException;

    /// <summary>Reads a signature.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="signature">Gets its bytes.</param>
    public bool TryGet(ReadOnlySpan<byte> id, Span<byte> signature)
    {
        SignatureFile? file = _file;
        try
        {
            return file is not null && file.TryGet(id, signature);
        }
        catch (ObjectDisposedException)
        {
            // The keys were replaced meanwhile.
            return false;
        }
        catch (IOException exception)
        {
            // A disk that fails may also take long to do so.
            lock (_lock)
            {
                Fail(exception);
                CloseFile();
            }

            return false;
        }
    }

    /// <summary>Writes an entry.</summary>
    public void Put(ReadOnlySpan<byte> entry)
    {
        lock (_lock)
        {
            if (_isClosed || (_failed is { } failed && _time.GetElapsedTime(failed) < PauseAfterFailure))
                return;
            try
            {
                _file ??= Open();
                _file.Put(entry);
                if (_failed is not null)
                    _logger.KeepsSignatures(_key.Name, _path);
                _failed = null;
            }
            catch (Exception exception) when (IsOfFile(exception))
            {
                Fail(exception);
            }
        }
    }

    /// <summary>Closes the file for good.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isClosed = true;
            CloseFile();
        }
    }

    private SignatureFile Open()
    {
        SignatureFile file = new(_path, _key, _maxSize);
        if (file.IsRenewed)
            _logger.SignaturesRenewed(_path);
        return file;
    }

    private void CloseFile()
    {
        _file?.Dispose();
        _file = null;
    }

    // One message for a disk that stays full.
    private void Fail(Exception exception)
    {
        if (_failed is null)
            _logger.SignaturesNotKept(_path, exception.Message, PauseAfterFailure.TotalSeconds);
        _failed = _time.GetTimestamp();
    }
}
