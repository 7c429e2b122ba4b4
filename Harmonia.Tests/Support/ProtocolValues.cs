using Harmonia.Protocol.Store;
using NUnit.Framework;

namespace Harmonia.Tests.Support;

/// <summary>Makes values in ways that only tests need: the programs read signatures that may be wrong.</summary>
internal static class ProtocolValues
{
    extension(Signature)
    {
        public static Signature Parse(string text)
        {
            Assert.That(Signature.TryParse(text, out Signature? signature), text);
            return signature!;
        }
    }
}
