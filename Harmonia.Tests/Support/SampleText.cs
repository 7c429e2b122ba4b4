using System.Text;

namespace Harmonia.Tests.Support;

/// <summary>Bytes that compress as programs and texts do, and are the same each time.</summary>
public static class SampleText
{
    public static byte[] Of(int length, int seed = 1)
    {
        Random random = new(seed);
        byte[][] words = [.. Enumerable.Range(0, 4096).Select(_ => Encoding.ASCII.GetBytes($"{random.Next():x} "))];
        byte[] text = new byte[length];
        for (int position = 0; position < length;)
        {
            byte[] word = words[random.Next(words.Length)];
            int count = Math.Min(word.Length, length - position);
            word.AsSpan(0, count).CopyTo(text.AsSpan(position));
            position += count;
        }

        return text;
    }
}
