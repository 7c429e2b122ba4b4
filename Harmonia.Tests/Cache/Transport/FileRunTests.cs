using Harmonia.Cache.Transport;
using Harmonia.Tests.Support;
using Microsoft.Win32.SafeHandles;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Transport;

public sealed class FileRunTests
{
    [Test]
    public void A_file_that_was_just_written_is_in_memory_and_bytes_after_its_end_are_not()
    {
        using TemporaryDirectory directory = new();
        File.WriteAllBytes(directory["file"], new byte[100_000]);
        using SafeFileHandle file = File.OpenHandle(directory["file"]);

        Assert.That(new FileRun(file, 0, 100_000).IsInMemory(1_000_000));
        Assert.That(new FileRun(file, 99_999, 1).IsInMemory(1));
        Assert.That(new FileRun(file, 0, 100_001).IsInMemory(1_000_000), Is.False);
        Assert.That(new FileRun(file, 0, 100_001).IsInMemory(100_000));
    }

    [Test]
    public void A_file_system_that_cannot_tell_has_nothing_in_memory()
    {
        using SafeFileHandle file = File.OpenHandle("/proc/self/status");

        Assert.That(new FileRun(file, 0, 1).IsInMemory(1), Is.False);
    }
}
