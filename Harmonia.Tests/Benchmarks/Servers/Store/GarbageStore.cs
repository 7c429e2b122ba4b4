using System.Text;
using Harmonia.Benchmarks.Servers.Processes;

namespace Harmonia.Benchmarks.Servers.Store;

/// <summary>A store of unreferenced paths with empty files, in chains of ten that refer to each other. It is created once.</summary>
internal sealed class GarbageStore(Workspace workspace, NixEnvironment environment, int count)
{
    private const int ChainLength = 10;

    public string RealStore => Path.Combine(Root, "store");

    public string State => Path.Combine(Root, "state");

    private string Root => Path.Combine(workspace.Home, $"garbage-{count}");

    private string Mark => Path.Combine(Root, "made");

    /// <param name="nixStore">The <c>nix-store</c> that makes it.</param>
    public async Task MakeAsync(string nixStore, CancellationToken cancellationToken)
    {
        if (File.Exists(Mark))
            return;
        Progress.Note($"making a store of {count} paths, once ...");
        WritableTree.Delete(Root);
        Directory.CreateDirectory(RealStore);
        StringBuilder registration = new();
        for (int number = 1; number <= count; number++)
        {
            await File.WriteAllTextAsync(Path.Combine(RealStore, NameOf(number)), "", cancellationToken);
            registration.Append($"/nix/store/{NameOf(number)}\n{number:D64}\n120\n\n");
            registration.Append(number % ChainLength == 1 ? "0\n" : $"1\n/nix/store/{NameOf(number - 1)}\n");
        }

        string list = Path.Combine(Root, "registration");
        await File.WriteAllTextAsync(list, registration.ToString(), cancellationToken);
        await Command.ReadAsync(
            "/bin/sh", ["-c", "exec \"$0\" --load-db <\"$1\"", nixStore, list], cancellationToken, environment.For(NixEnvironment.LocalUri(RealStore, State)));
        await File.WriteAllTextAsync(Mark, "", cancellationToken);
    }

    private static string NameOf(int number) => $"{number:D32}-garbage";
}
