using System.Runtime.ExceptionServices;
using Microsoft.Win32.SafeHandles;

namespace Harmonia.Cache.NarCache;

/// <summary>
/// Compresses a NAR into a file, once for all clients that want it. Each client reads the growing file at its own pace. A user that joins must
/// leave; the file is closed when the last one leaves. Any thread may use it.
/// </summary>
public sealed class CompressionJob
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _changed = Signal();
    private SafeFileHandle? _file;
    private ExceptionDispatchInfo? _failure;
    private long _length;
    private bool _isWhole;

    // The job itself is the first user.
    private int _users = 1;

    internal CompressionJob(NarSource source) => Source = source;

    /// <summary>The NAR.</summary>
    public NarSource Source { get; }

    /// <summary>Whether the NAR fits into one frame, so that the whole file appears at once.</summary>
    public bool IsSmall => Source.Size <= FrameLayout.Length;

    /// <summary>How many bytes of the file can be read now.</summary>
    public long Length
    {
        get
        {
            lock (_lock)
                return _length;
        }
    }

    /// <summary>The file. It exists as soon as there are bytes to read.</summary>
    public SafeFileHandle File => _file ?? throw new InvalidOperationException("The job has no file yet.");

    /// <summary>Runs from the call of <see cref="CompressionJobs.Join"/> until the file is stored or dropped. It never fails.</summary>
    internal Task Running { get; set; } = Task.CompletedTask;

    /// <summary>Waits until the file has more bytes than these, or is complete.</summary>
    /// <returns>The length of the file. If it is not above the length given, the file is complete.</returns>
    /// <exception cref="NotStoredException">The file cannot be written further. What it has can be read.</exception>
    /// <exception cref="IOException">The NAR cannot be read, or is not what the database says.</exception>
    public async ValueTask<long> WaitBeyondAsync(long length, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (_isWhole || _length > length)
                    return _length;
                _failure?.Throw();
                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Waits until the file is complete.</summary>
    /// <returns>The length of the file.</returns>
    /// <exception cref="IOException">As <see cref="WaitBeyondAsync"/>.</exception>
    public ValueTask<long> WaitWholeAsync(CancellationToken cancellationToken) => WaitBeyondAsync(long.MaxValue, cancellationToken);

    /// <summary>Removes a user.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            if (--_users == 0)
                _file?.Dispose();
        }
    }

    /// <summary>Adds a user. Returns false if the last one has left or the job has failed.</summary>
    internal bool TryJoin()
    {
        lock (_lock)
        {
            if (_users == 0 || _failure is not null)
                return false;
            _users++;
            return true;
        }
    }

    /// <summary>Whether a client still wants the NAR. The job asks once, before it starts to compress; a started job runs to its end.</summary>
    internal bool IsWanted()
    {
        lock (_lock)
        {
            if (_users == 1)
                _users = 0;
            return _users > 0;
        }
    }

    /// <summary>Sets the file, which is closed when the last user leaves.</summary>
    internal void Begin(SafeFileHandle file) => _file = file;

    /// <summary>The file has grown.</summary>
    internal void Grow(long length, bool isWhole) => Change(() => (_length, _isWhole) = (length, isWhole));

    /// <summary>The file will not grow any more. No user can join from now on.</summary>
    internal void Fail(Exception failure) => Change(() => _failure = ExceptionDispatchInfo.Capture(failure));

    private static TaskCompletionSource Signal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Change(Action change)
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            change();
            (changed, _changed) = (_changed, Signal());
        }

        changed.SetResult();
    }
}
