using Harmonia.Protocol.Configuration;

namespace Harmonia.Cache.Configuration;

/// <summary>Reads <c>bind</c>: one address, or a list of them.</summary>
public static class ListenAddressesReader
{
    private const string Key = "bind";

    public static IReadOnlyList<ListenAddress>? Read(ConfigurationReader reader)
    {
        if (reader.StringOrList(Key) is not { } texts)
            return null;
        if (texts.Count == 0)
            reader.Reject(Key, "expected at least one address");
        List<ListenAddress> addresses = new();
        foreach (string text in texts)
        {
            if (ListenAddress.TryParse(text, out ListenAddress? address, out string? problem))
                addresses.Add(address);
            else
                reader.Reject(Key, problem);
        }

        return addresses;
    }
}
