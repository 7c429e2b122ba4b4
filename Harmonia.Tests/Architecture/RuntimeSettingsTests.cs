using System.Text.Json;
using NUnit.Framework;

namespace Harmonia.Tests.Architecture;

/// <summary>What the programs ask of the runtime. A property that is misspelt in a project file is no error there, and does nothing.</summary>
public sealed class RuntimeSettingsTests
{
    [TestCase("harmonia-cache")]
    [TestCase("harmonia-daemon")]
    public void Garbage_is_collected_in_one_heap_by_no_thread_of_its_own_and_often(string program)
    {
        string file = Path.Combine(TestContext.CurrentContext.TestDirectory, program + ".runtimeconfig.json");
        using JsonDocument settings = JsonDocument.Parse(File.ReadAllBytes(file));
        JsonElement properties = settings.RootElement.GetProperty("runtimeOptions").GetProperty("configProperties");

        Assert.That(properties.GetProperty("System.GC.Server").GetBoolean(), Is.False);
        Assert.That(properties.GetProperty("System.GC.Concurrent").GetBoolean(), Is.False);
        Assert.That(properties.GetProperty("System.GC.Gen0MaxBudget").GetInt32(), Is.EqualTo(4 << 20));
    }
}
