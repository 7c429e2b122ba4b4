using NUnit.Framework;

namespace Harmonia.Tests.Architecture;

public sealed class LayeringCheckTests
{
    private static readonly FolderOrder Order = FolderOrder.Read("""
        | `Harmonia.Cache` | what lives there |
        |---|---|
        | Hosting | composition |
        | Http | HTTP |

        | `Harmonia.Daemon` | what lives there |
        |---|---|
        | Store | paths |

        | `Harmonia.Protocol` | what lives there |
        |---|---|
        | Wire | integers |
        """);

    [Test]
    public void Use_that_goes_up_in_a_real_assembly_is_reported_with_the_names_of_both_types()
    {
        FolderOrder reversed = FolderOrder.Read("""
            | Harmonia.Protocol | what lives there |
            |---|---|
            | Primitives | base 32 |
            | Store | store paths |
            """);

        LayeringCheck check = new(reversed, AssemblyScan.Of("Harmonia.Protocol.dll", "Harmonia.Protocol"));

        Assert.That(check.Violations, Does.Contain(
            "Protocol.Store may not use Protocol.Primitives: Harmonia.Protocol.Store.StorePathHash → Harmonia.Protocol.Primitives.NixBase32"));
    }

    [Test]
    public void Folders_below_may_be_used() =>
        Assert.That(Check(Use("Harmonia.Cache.Hosting", "Router", "Harmonia.Cache.Http", "Route")), Is.Empty);

    [Test]
    public void Folders_above_may_not_be_used() => Assert.That(
        Check(Use("Harmonia.Cache.Http", "Route", "Harmonia.Cache.Hosting", "Router")),
        Is.EqualTo(new[] { "Cache.Http may not use Cache.Hosting: Harmonia.Cache.Http.Route → Harmonia.Cache.Hosting.Router" }));

    [Test]
    public void Program_may_use_every_folder_and_no_folder_may_use_it()
    {
        Assert.That(Check(Use("Harmonia.Cache", "Program", "Harmonia.Cache.Http", "Route")), Is.Empty);
        Assert.That(
            Check(Use("Harmonia.Cache.Http", "Route", "Harmonia.Cache", "Program")),
            Is.EqualTo(new[] { "Cache.Http may not use Cache: Harmonia.Cache.Http.Route → Harmonia.Cache.Program" }));
    }

    [Test]
    public void Programs_may_use_the_shared_library() =>
        Assert.That(Check(Use("Harmonia.Cache.Http", "ErrorStatus", "Harmonia.Protocol.Wire", "WireException")), Is.Empty);

    [Test]
    public void Programs_may_not_use_each_other() => Assert.That(
        Check(Use("Harmonia.Cache.Hosting", "Router", "Harmonia.Daemon.Store", "Store")),
        Is.EqualTo(new[] { "Cache.Hosting may not use Daemon.Store: Harmonia.Cache.Hosting.Router → Harmonia.Daemon.Store.Store" }));

    [Test]
    public void Shared_library_may_not_use_a_program() => Assert.That(
        Check(Use("Harmonia.Protocol.Wire", "WireReader", "Harmonia.Daemon.Store", "Store")),
        Is.EqualTo(new[] { "Protocol.Wire may not use Daemon.Store: Harmonia.Protocol.Wire.WireReader → Harmonia.Daemon.Store.Store" }));

    [Test]
    public void Folder_that_no_table_has_is_reported() => Assert.That(
        Check(
            Use("Harmonia.Cache.Http", "Http", "Harmonia.Cache.Used", "Used"),
            Use("Harmonia.Cache.Alone", "Alone", "System", "Object")),
        Is.EqualTo(new[]
        {
            "Harmonia.Cache.Alone is in no table: Harmonia.Cache.Alone.Alone",
            "Harmonia.Cache.Used is in no table: Harmonia.Cache.Used.Used",
        }));

    [Test]
    public void Folders_below_a_folder_belong_to_it() =>
        Assert.That(Check(Use("Harmonia.Daemon.Store.Roots", "Roots", "Harmonia.Daemon.Store", "Store")), Is.Empty);

    [Test]
    public void Types_of_other_libraries_do_not_matter() =>
        Assert.That(Check(Use("Harmonia.Daemon.Store", "Store", "System.Text", "Rune")), Is.Empty);

    private static IReadOnlyCollection<string> Check(params TypeUse[] uses) => new LayeringCheck(Order, uses).Violations;

    private static TypeUse Use(string userNamespace, string user, string usedNamespace, string used) =>
        new(new TypeName(userNamespace, user), new TypeName(usedNamespace, used));
}
