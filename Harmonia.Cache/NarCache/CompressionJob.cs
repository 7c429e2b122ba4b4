using System.Runtime.ExceptionServices;
using Microsoft.Win32.SafeHandles;

namespace Harmonia.Cache.NarCache;

/// <summary>
/// A NAR that is being compressed into a file, once for all who want it: each reads the file as far as it has come, at its own pace. Who
/// joins must leave; with the last the file is closed. Any thread may use it.
/// </summary>
public sealed class CompressionJob
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _changed = Signal();
    private SafeFileHandle? _file;
    private ExceptionDispatchInfo? _failure;
    private long _length;
    private bool _isWhole;

    // Who makes it is one of them.
    private int _users = 1;

    internal CompressionJob(NarSource source) => Source = source;

    /// <summary>What is made.</summary>
    public NarSource Source { get; }

    /// <summary>Whether it is one frame only, of which nothing is there before all is.</summary>
    public bool IsSmall => Source.Size <= FrameLayout.Length;

    /// <summary>How many bytes of the file can be read by now.</summary>
    public long Length
    {
        get
        {
            lock (_lock)
                return _length;
        }
    }

    /// <summary>The file, once there are bytes to be read.</summary>
    public SafeFileHandle File => _file ?? throw new InvalidOperationException("The file has not been begun.");

    /// <summary>Runs from the call of <see cref="CompressionJobs.Join"/> until all is stored or dropped; never fails.</summary>
    internal Task Running { get; set; } = Task.CompletedTask;

    /// <summary>Waits until there are more bytes than these, or all there will ever be.</summary>
    /// <returns>How many there are: no more than asked about only if these are all.</returns>
    /// <exception cref="NotStoredException">The file cannot be written on; what is in it can be read.</exception>
    /// <exception cref="IOException">The NAR cannot be made.</exception>
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

    /// <summary>Waits for the end.</summary>
    /// <returns>How many bytes there are in all.</returns>
    /// <exception cref="IOException">As <see cref="WaitBeyondAsync"/>.</exception>
    public ValueTask<long> WaitWholeAsync(CancellationToken cancellationToken) => WaitBeyondAsync(long.MaxValue, cancellationToken);

    /// <summary>One user less.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            if (--_users == 0)
                _file?.Dispose();
        }
    }

    /// <summary>One user more; false when the last has left.</summary>
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

    /// <summary>Whether anybody wants it still. Asked once, before the work begins: what has begun is brought to its end.</summary>
    internal bool IsWanted()
    {
        lock (_lock)
        {
            if (_users == 1)
                _users = 0;
            return _users > 0;
        }
    }

    /// <summary>There is a file; it is closed with the last user.</summary>
    internal void Begin(SafeFileHandle file) => _file = file;

    /// <summary>There are more bytes.</summary>
    internal void Grow(long length, bool isWhole) => Change(() => (_length, _isWhole) = (length, isWhole));

    /// <summary>There will be no more. Who has not yet joined cannot any more.</summary>
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
