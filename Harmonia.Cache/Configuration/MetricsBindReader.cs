using Harmonia.Protocol.Configuration;

namespace Harmonia.Cache.Configuration;

/// <summary>Reads <c>metrics_bind</c>, which makes no sense with <c>metrics = false</c>.</summary>
public static class MetricsBindReader
{
    private const string Key = "metrics_bind";

    /// <summary>Returns the address; null if there is none or if it is wrong.</summary>
    public static ListenAddress? Read(ConfigurationReader reader, bool? metrics)
    {
        if (reader.String(Key) is not { } text)
            return null;
        if (metrics == false)
            reader.Reject(Key, "has no effect while metrics is false");
        if (!ListenAddress.TryParse(text, out ListenAddress? address, out string? problem))
            reader.Reject(Key, problem);
        return address;
    }
}
