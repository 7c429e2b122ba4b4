using NUnit.Framework;

namespace Harmonia.Tests.Architecture;

public sealed class LayeringCheckTests
{
    [Test]
    public void Forbidden_use_in_a_real_assembly_is_reported_with_the_names_of_both_types()
    {
        IEnumerable<ModuleRule> rules = ModuleRules.All.Select(
            rule => rule.Module == "Protocol.Store" ? rule with { MayUse = ["Protocol.Interop"] } : rule);

        LayeringCheck check = new(rules, AssemblyScan.Of("Harmonia.Protocol.dll", "Harmonia.Protocol"));

        Assert.That(check.Violations, Does.Contain(
            "Protocol.Store may not use Protocol.Primitives: Harmonia.Protocol.Store.StorePathHash → Harmonia.Protocol.Primitives.NixBase32"));
    }

    [Test]
    public void Only_exceptions_may_be_used_where_the_rule_says_so()
    {
        ModuleRule[] rules = [new("Cache.Http", [], ["Protocol.Wire"]), new("Protocol.Wire", [], [])];
        TypeUse[] uses =
        [
            Use("Harmonia.Cache.Http", "ErrorStatus", "Harmonia.Protocol.Wire", "WireException"),
            Use("Harmonia.Cache.Http", "ErrorStatus.cs", "Harmonia.Protocol.Wire", ""),
            Use("Harmonia.Cache.Http", "ErrorStatus", "Harmonia.Protocol.Wire", "WireReader"),
        ];

        Assert.That(new LayeringCheck(rules, uses).Violations, Is.EqualTo(new[]
        {
            "Cache.Http may not use Protocol.Wire: Harmonia.Cache.Http.ErrorStatus → Harmonia.Protocol.Wire.WireReader",
        }));
    }

    [Test]
    public void Folder_that_no_rule_names_is_reported()
    {
        ModuleRule[] rules = [new("Cache.Http", [], [])];
        TypeUse[] uses =
        [
            Use("Harmonia.Cache.Http", "Http", "Harmonia.Cache.Used", "Used"),
            Use("Harmonia.Cache.Alone", "Alone", "System", "Object"),
        ];

        Assert.That(new LayeringCheck(rules, uses).Violations, Is.EqualTo(new[]
        {
            "Harmonia.Cache.Alone is no module of the table: Harmonia.Cache.Alone.Alone",
            "Harmonia.Cache.Used is no module of the table: Harmonia.Cache.Used.Used",
        }));
    }

    [Test]
    public void Folders_below_a_module_belong_to_it()
    {
        ModuleRule[] rules = [new("Daemon.Store", [], [])];
        TypeUse[] uses = [Use("Harmonia.Daemon.Store.Roots", "Roots", "Harmonia.Daemon.Store", "Store")];

        Assert.That(new LayeringCheck(rules, uses).Violations, Is.Empty);
    }

    [Test]
    public void Others_types_do_not_matter()
    {
        ModuleRule[] rules = [new("Daemon.Store", [], [])];

        Assert.That(new LayeringCheck(rules, [Use("Harmonia.Daemon.Store", "Store", "System.Text", "Rune")]).Violations, Is.Empty);
    }

    [Test]
    public void Cycle_is_found()
    {
        ModuleRule[] rules = [new("Cache.A", ["Cache.B"], []), new("Cache.B", ["Cache.C"], []), new("Cache.C", ["Cache.B"], [])];
        TypeUse[] uses =
        [
            Use("Harmonia.Cache.A", "A", "Harmonia.Cache.B", "B"),
            Use("Harmonia.Cache.B", "B", "Harmonia.Cache.C", "C"),
            Use("Harmonia.Cache.C", "C", "Harmonia.Cache.B", "B"),
        ];

        Assert.That(new LayeringCheck(rules, uses).FindCycle(), Is.EqualTo("Cache.B → Cache.C → Cache.B"));
    }

    private static TypeUse Use(string userNamespace, string user, string usedNamespace, string used) =>
        new(new TypeName(userNamespace, user), new TypeName(usedNamespace, used));
}
