namespace Harmonia.Tests.Architecture;

/// <summary>Uses types in all possible ways, each type in one way only. <see cref="AssemblyScan"/> must find them.</summary>
[System.ComponentModel.Description("attribute")]
internal sealed class ScanSample<T>(System.Net.IPAddress field)
    : System.Collections.CollectionBase, System.Collections.Specialized.INotifyCollectionChanged
    where T : System.Dynamic.DynamicObject
{
    public event System.Collections.Specialized.NotifyCollectionChangedEventHandler? CollectionChanged;

    public System.Numerics.BigInteger Property { get; set; }

    public static System.Globalization.Calendar[]? Returned(System.Net.Cookie? parameter, List<System.Net.DnsEndPoint>? argument) =>
        parameter is null && argument is null ? null : [];

    public static async Task<bool> StateMachineAsync()
    {
        await Task.Yield();
        return System.Net.NetworkInformation.NetworkInterface.GetIsNetworkAvailable();
    }

    public Func<object> Closure() => () => new System.Text.StringBuilder().Append(field);

    public bool Body(object value)
    {
        try
        {
            CollectionChanged?.Invoke(this, new(System.Collections.Specialized.NotifyCollectionChangedAction.Reset));
            return value is System.IO.Compression.GZipStream && value.Equals(typeof(System.Xml.XmlReader));
        }
        catch (System.Security.SecurityException)
        {
            return Array.Empty<System.Timers.Timer>() == value;
        }
    }
}
