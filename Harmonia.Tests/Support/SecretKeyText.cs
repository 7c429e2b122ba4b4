using System.Text;
using Harmonia.Protocol.Store;

namespace Harmonia.Tests.Support;

/// <summary>Secret keys as text, for tests.</summary>
public static class SecretKeyText
{
    public static string ExportText(this SecretKey key) => Encoding.UTF8.GetString(key.Export());
}
