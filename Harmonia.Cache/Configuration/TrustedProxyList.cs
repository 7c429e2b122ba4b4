using System.Net;
using Harmonia.Protocol.Configuration;

namespace Harmonia.Cache.Configuration;

/// <summary>The value of <c>trusted_proxies</c>: addresses and networks such as <c>10.0.0.0/8</c>.</summary>
public static class TrustedProxyList
{
    private const string Key = "trusted_proxies";

    /// <summary>Reads the list. Returns null if it is missing or is not a list of strings.</summary>
    public static IReadOnlyList<IPNetwork>? Read(ConfigurationReader reader)
    {
        if (reader.StringList(Key) is not { } texts)
            return null;
        List<IPNetwork> networks = new();
        foreach (string text in texts)
        {
            if (TryParse(text, out IPNetwork network))
                networks.Add(network);
            else
                reader.Reject(Key, $"expected an address or a network such as \"10.0.0.0/8\" or \"::1\", but got \"{text}\"");
        }

        return networks;
    }

    private static bool TryParse(string text, out IPNetwork network)
    {
        if (text.Contains('/', StringComparison.Ordinal))
            return IPNetwork.TryParse(text, out network);
        bool valid = IPAddress.TryParse(text, out IPAddress? address);
        network = address is null ? default : new IPNetwork(address, address.GetAddressBytes().Length * 8);
        return valid;
    }
}
