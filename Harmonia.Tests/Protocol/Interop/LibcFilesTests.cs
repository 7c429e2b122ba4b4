using System.Text;
using Harmonia.Protocol.Interop;
using Harmonia.Protocol.Nar;
using Harmonia.Tests.Support;
using Microsoft.Win32.SafeHandles;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Interop;

public sealed class LibcFilesTests
{
    private TemporaryDirectory _directory = null!;
    private SafeFileHandle _handle = null!;

    [SetUp]
    public void Open()
    {
        _directory = new TemporaryDirectory();
        File.WriteAllText(_directory["file"], "contents");
        File.CreateSymbolicLink(_directory["link"], "file");
        byte[] path = [.. Encoding.UTF8.GetBytes(_directory.Path), 0];
        _handle = new SafeFileHandle(LibcFiles.Open(LibcFiles.CurrentDirectory, path, OpenFlags.Directory), ownsHandle: true);
    }

    [TearDown]
    public void Close()
    {
        _handle.Dispose();
        _directory.Dispose();
    }

    [Test]
    public void Failures_are_negative_error_numbers()
    {
        Assert.That(LibcFiles.Open(_handle, "missing\0"u8, 0), Is.EqualTo(-Errno.NoEntry));
        Assert.That(LibcFiles.Open(_handle, "link\0"u8, OpenFlags.NoFollow), Is.EqualTo(-Errno.TooManySymbolicLinks));
        Assert.That(LibcFiles.Open(_handle, "file\0"u8, OpenFlags.Directory), Is.EqualTo(-Errno.NotDirectory));
        Assert.That(LibcFiles.Open(_handle, "link\0"u8, OpenFlags.Directory | OpenFlags.NoFollow), Is.EqualTo(-Errno.NotDirectory));
        Assert.That(LibcFiles.ReadLink(_handle, "file\0"u8, new byte[10]), Is.EqualTo(-Errno.InvalidArgument));
    }

    [Test]
    public void Name_without_a_NUL_never_reaches_libc() =>
        Assert.That(() => LibcFiles.Open(_handle, "file"u8, 0), Throws.ArgumentException);

    [Test]
    public void Status_is_that_of_the_link_itself()
    {
        Assert.That(LibcFiles.Status(_handle, "link\0"u8, out FileStatus link), Is.Zero);
        Assert.That(LibcFiles.Status(_handle, "file\0"u8, out FileStatus file), Is.Zero);

        Assert.That((link.Type, link.Size), Is.EqualTo((FileType.SymbolicLink, 4L)));
        Assert.That((file.Type, file.Size, file.IsOwnerExecutable), Is.EqualTo((FileType.Regular, 8L, false)));
        Assert.That(link.Identity, Is.Not.EqualTo(file.Identity));
    }

    [Test]
    public void File_ends_with_its_scope_unless_it_is_kept()
    {
        Assert.That(OpenFile.Open(_handle, "file\0"u8, out OpenFile file), Is.Zero);
        using SafeFileHandle kept = OpenFile.Keep(ref file);
        file.Dispose();
        byte[] buffer = new byte[20];
        using (OpenFile borrowed = OpenFile.Borrow(kept))
            Assert.That(borrowed.Read(3, buffer), Is.EqualTo(5));

        Assert.That(kept.IsClosed, Is.False);
        Assert.That(buffer.AsSpan(0, 5).SequenceEqual("tents"u8), Is.True);
    }

    [Test]
    public void Exception_has_the_call_the_number_and_the_path()
    {
        byte[] path = [.. "/tmp/"u8, .. Enumerable.Repeat((byte)0xff, 300)];

        SystemCallException exception = Assert.Throws<SystemCallException>(() => NarIndex.Build(path, CancellationToken.None))!;

        const int NameTooLong = 36;
        Assert.That((exception.Operation, exception.ErrorNumber), Is.EqualTo(("statx", NameTooLong)));
        Assert.That(exception.Message, Does.StartWith(@"statx '/tmp/\xff\xff").And.EndsWith("File name too long (errno 36)"));
    }
}
