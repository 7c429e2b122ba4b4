using System.Text;
using Harmonia.Protocol.Configuration;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Configuration;

/// <summary>The error that a text must give, without the file's name.</summary>
internal static class TomlFailure
{
    private const string FileName = "test.toml";

    public static string Of(string toml) => Of(Encoding.UTF8.GetBytes(toml));

    public static string Of(byte[] toml)
    {
        TomlException? exception = Assert.Throws<TomlException>(() => TomlReader.Parse(toml, FileName));
        Assert.That(exception!.Message, Does.StartWith($"{FileName}:{exception.Line}:{exception.Column}: "));
        return exception.Message[(FileName.Length + 1)..];
    }
}
