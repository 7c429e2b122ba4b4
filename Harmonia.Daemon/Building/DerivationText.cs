using System.Buffers;
using System.Text;
using Harmonia.Protocol.Messages.Building;
using Harmonia.Protocol.Store;

namespace Harmonia.Daemon.Building;

/// <summary>
/// The content of the <c>.drv</c> file of a derivation without input derivations. Nix: src/libstore/derivations.cc, Derivation::unparse.
/// </summary>
internal static class DerivationText
{
    /// <summary>The derivation as it stands in the file.</summary>
    public static byte[] Of(BasicDerivation derivation, StoreDirectory directory)
    {
        ArrayBufferWriter<byte> text = new();
        text.Write("Derive(["u8);
        Separate(text, derivation.Outputs, output => Tuple(text, Bytes(output.Name), Bytes(output.Path), Bytes(output.HashAlgorithm), Bytes(output.Hash)));
        text.Write("],[],["u8);
        Separate(text, derivation.InputSources, path => Quote(text, Bytes(directory.Print(path))));
        text.Write("],"u8);
        Quote(text, Bytes(derivation.Platform));
        text.Write(","u8);
        Quote(text, derivation.Builder);
        text.Write(",["u8);
        Separate(text, derivation.Arguments, argument => Quote(text, argument));
        text.Write("],["u8);
        Separate(text, derivation.Environment, variable => Tuple(text, variable.Key, variable.Value));
        text.Write("])"u8);
        return text.WrittenSpan.ToArray();
    }

    private static void Separate<T>(ArrayBufferWriter<byte> text, IEnumerable<T> elements, Action<T> write)
    {
        bool isFirst = true;
        foreach (T element in elements)
        {
            if (!isFirst)
            {
                text.Write(","u8);
            }

            isFirst = false;
            write(element);
        }
    }

    private static void Tuple(ArrayBufferWriter<byte> text, params ReadOnlySpan<ReadOnlyMemory<byte>> strings)
    {
        text.Write("("u8);
        for (int n = 0; n < strings.Length; n++)
        {
            text.Write(n == 0 ? ""u8 : ","u8);
            Quote(text, strings[n]);
        }

        text.Write(")"u8);
    }

    private static void Quote(ArrayBufferWriter<byte> text, ReadOnlyMemory<byte> bytes)
    {
        text.Write("\""u8);
        foreach (byte each in bytes.Span)
        {
            ReadOnlySpan<byte> written = each switch
            {
                (byte)'"' => "\\\""u8,
                (byte)'\\' => "\\\\"u8,
                (byte)'\n' => "\\n"u8,
                (byte)'\r' => "\\r"u8,
                (byte)'\t' => "\\t"u8,
                _ => [each],
            };
            text.Write(written);
        }

        text.Write("\""u8);
    }

    private static ReadOnlyMemory<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
