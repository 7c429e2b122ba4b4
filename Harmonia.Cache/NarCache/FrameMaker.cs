using Harmonia.Protocol.Nar;
using ZstdSharp;

namespace Harmonia.Cache.NarCache;

/// <summary>
/// Compresses NARs frame by frame, as many frames at once as there are workers. Each worker reads its own part of the NAR, so only the hash is
/// computed from front to back.
/// </summary>
// 320 MB of libraries, level 1, two busy cores, medians of three: 2.0 s of CPU with both hashes, and 2.0 s for nix-store --dump | zstd -1,
// which has none.
internal sealed class FrameMaker(int level, int workers) : IDisposable
{
    // For shorter frames, a new thread costs more than it saves the thread pool.
    private const int MinThreadLength = 1024 * 1024;

    // One frame may be hashed while each worker compresses another. A frame counts until its input is hashed, which bounds the memory.
    private readonly SemaphoreSlim _places = new(workers + 1);

    /// <summary>How many frames are compressed at once.</summary>
    public int Workers => workers;

    /// <summary>The name of everything that decides the bytes.</summary>
    public string Recipe { get; } = FrameLayout.Recipe(level);

    /// <summary>
    /// Gives the frames of a NAR in order. The last frame comes only if the whole NAR has the expected hash, so that no client gets the end of a
    /// wrong NAR.
    /// </summary>
    /// <param name="source">The NAR.</param>
    /// <param name="ahead">How many frames may be started ahead.</param>
    /// <param name="take">Gets each frame, and whether it is the last one. The next frame waits for it.</param>
    /// <param name="cancellationToken">Ends the work between two frames.</param>
    /// <exception cref="IOException">The files cannot be read, or differ from the database.</exception>
    public async Task RunAsync(NarSource source, int ahead, Func<Frame, bool, Task> take, CancellationToken cancellationToken)
    {
        using NarHasher hasher = new();
        Queue<Task<Frame>> started = new();
        int count = FrameLayout.CountOf(source.Size);
        int begun = 0;
        try
        {
            for (int number = 0; number < count; number++)
            {
                for (; begun < count && started.Count < ahead; begun++)
                    started.Enqueue(MakeAsync(source, begun, cancellationToken));
                using Frame frame = await started.Dequeue();
                hasher.Append(frame.Input);
                frame.ReleaseInput();
                bool isLast = number == count - 1;
                if (isLast)
                    source.Verify(hasher);
                await take(frame, isLast);
            }
        }
        finally
        {
            foreach (Task<Frame> rest in started)
                await DropAsync(rest);
        }
    }

    public void Dispose() => _places.Dispose();

    private async Task<Frame> MakeAsync(NarSource source, int number, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken);
        try
        {
            TaskCreationOptions options = FrameLayout.LengthOf(number, source.Size) < MinThreadLength
                ? TaskCreationOptions.None
                : TaskCreationOptions.LongRunning;
            return await Task.Factory.StartNew(
                () => Frame.Make(source, number, level, () => _places.Release()), cancellationToken, options, TaskScheduler.Default);
        }
        catch
        {
            _places.Release();
            throw;
        }
    }

    private static async Task DropAsync(Task<Frame> unwanted)
    {
        try
        {
            (await unwanted).Dispose();
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ZstdException)
        {
            // The failure that made the other frames unwanted is already thrown.
        }
    }
}
