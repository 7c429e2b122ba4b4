using Harmonia.Daemon.Commands.Garbage;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Daemon.Commands.Garbage;

public sealed class OldGenerationsTests
{
    // Files in memory keep every time; other file systems move it into their range.
    private const string Memory = "/dev/shm";

    [TestCase("@999999999999")]
    [TestCase("@-999999999999")]
    public async Task A_time_that_is_in_no_calendar_ends_nothing(string time)
    {
        string profiles = Directory.CreateDirectory($"{Memory}/harmonia-test-{Guid.NewGuid():N}").FullName;
        try
        {
            string strange = Generation(profiles, "a", 1);
            await Command.RunAsync("touch", ["--no-dereference", "--date", time, strange]);
            string old = Generation(profiles, "b", 1);
            await Command.RunAsync("touch", ["--no-dereference", "--date", "3 days ago", old, Generation(profiles, "b", 2)]);

            OldGenerations search = new(DateTimeOffset.UtcNow.AddDays(-1), delete: true);
            await search.FindAsync([profiles], CancellationToken.None);

            Assert.That(Directory.GetFileSystemEntries(profiles), Is.EquivalentTo((string[])
                [$"{profiles}/a", strange, $"{profiles}/b", $"{profiles}/b-2-link"]));
        }
        finally
        {
            Directory.Delete(profiles, recursive: true);
        }
    }

    /// <summary>Makes a generation, and the profile that it is current in.</summary>
    private static string Generation(string profiles, string profile, int number)
    {
        string link = $"{profiles}/{profile}-{number}-link";
        File.CreateSymbolicLink(link, "/nix/store/absent");
        File.Delete($"{profiles}/{profile}");
        File.CreateSymbolicLink($"{profiles}/{profile}", Path.GetFileName(link));
        return link;
    }
}
