using NUnit.Framework;

namespace Harmonia.Tests.Architecture;

public sealed class AssemblyScanTests
{
    private static readonly TypeName Sample = new("Harmonia.Tests.Architecture", "ScanSample`1");

    [TestCase("System.ComponentModel", "DescriptionAttribute", TestName = "Attribute_is_found")]
    [TestCase("System.Collections", "CollectionBase", TestName = "Base_type_is_found")]
    [TestCase("System.Collections.Specialized", "INotifyCollectionChanged", TestName = "Interface_is_found")]
    [TestCase("System.Dynamic", "DynamicObject", TestName = "Constraint_is_found")]
    [TestCase("System.Collections.Specialized", "NotifyCollectionChangedEventHandler", TestName = "Event_is_found")]
    [TestCase("System.Net", "IPAddress", TestName = "Captured_field_is_found")]
    [TestCase("System.Numerics", "BigInteger", TestName = "Property_is_found")]
    [TestCase("System.Globalization", "Calendar", TestName = "Array_that_is_returned_is_found")]
    [TestCase("System.Net", "Cookie", TestName = "Parameter_is_found")]
    [TestCase("System.Net", "DnsEndPoint", TestName = "Argument_of_a_generic_type_is_found")]
    [TestCase("System.Net.NetworkInformation", "NetworkInterface", TestName = "Call_behind_an_await_is_found")]
    [TestCase("System.Text", "StringBuilder", TestName = "Object_made_in_a_closure_is_found")]
    [TestCase("System.IO.Compression", "GZipStream", TestName = "Type_test_is_found")]
    [TestCase("System.Xml", "XmlReader", TestName = "Type_token_is_found")]
    [TestCase("System.Security", "SecurityException", TestName = "Caught_exception_is_found")]
    [TestCase("System.Timers", "Timer", TestName = "Argument_of_a_generic_method_is_found")]
    public void Use_is_found(string usedNamespace, string used) =>
        Assert.That(
            AssemblyScan.Of("Harmonia.Tests.dll", "Harmonia.Tests"),
            Does.Contain(new TypeUse(Sample, new TypeName(usedNamespace, used))));
}
