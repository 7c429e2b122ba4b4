using System.Buffers.Binary;

namespace Harmonia.Benchmarks.Servers.Store;

/// <summary>
/// Numbers that look random and depend on a seed alone, whatever the release of .NET: SplitMix64, https://prng.di.unimi.it/splitmix64.c.
/// Pass it by reference.
/// </summary>
internal struct SeededNumbers
{
    private const ulong Increment = 0x9e3779b97f4a7c15;
    private const int Half = 32;

    private ulong _state;

    /// <param name="stream">What the numbers are for: each use has its own.</param>
    /// <param name="seed">Which numbers.</param>
    public SeededNumbers(ulong stream, ulong seed)
    {
        _state = stream;
        _state = Next() ^ seed;
        _state = Next();
    }

    public ulong Next()
    {
        ulong mixed = _state += Increment;
        mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
        return mixed ^ (mixed >> 31);
    }

    /// <summary>A number from 0 to the bound, which is not included.</summary>
    public int Below(int bound) => (int)(((Next() >> Half) * (ulong)bound) >> Half);

    public void Fill(Span<byte> bytes)
    {
        Span<byte> word = stackalloc byte[sizeof(ulong)];
        while (!bytes.IsEmpty)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(word, Next());
            int length = Math.Min(bytes.Length, word.Length);
            word[..length].CopyTo(bytes);
            bytes = bytes[length..];
        }
    }

    /// <summary>Brings items into a random order.</summary>
    public static void Shuffle<T>(IList<T> items, ulong seed)
    {
        SeededNumbers numbers = new('s', seed);
        for (int last = items.Count - 1; last > 0; last--)
        {
            int other = numbers.Below(last + 1);
            (items[last], items[other]) = (items[other], items[last]);
        }
    }
}
