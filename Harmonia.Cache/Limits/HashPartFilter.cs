using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Limits;

/// <summary>
/// A Bloom filter of hash parts: it never denies one that was added, and takes one in 400 others for one of them when it is as full as it is
/// meant to be. Thread-safe.
/// </summary>
public sealed class HashPartFilter
{
    // With four of sixteen bits for each, 1 - e^(-4/16) of the bits are set, and to the power of four that is 1/400.
    private const int BitsForEach = 16;
    private const int Probes = 4;
    private const int WordBits = 64;
    private const int MinWords = 16;

    private readonly ulong[] _words;

    /// <param name="count">How many hash parts it is meant for. It takes any number, and lets more others pass then.</param>
    /// <param name="capacity">How many bytes it may take.</param>
    public HashPartFilter(int count, long capacity)
    {
        long words = Math.Min((long)count * BitsForEach / WordBits, capacity / sizeof(ulong));
        _words = new ulong[Math.Clamp(words, MinWords, Array.MaxLength / WordBits)];
    }

    /// <summary>How many bytes it takes.</summary>
    public long Bytes => (long)_words.Length * sizeof(ulong);

    /// <summary>Adds a hash part.</summary>
    public void Add(StorePathHash hash)
    {
        Probe probe = new(hash);
        for (int i = 0; i < Probes; i++)
        {
            (int word, ulong bit) = probe.Next(_words.Length);
            Interlocked.Or(ref _words[word], bit);
        }
    }

    /// <summary>Whether this hash part may have been added. False is certain.</summary>
    public bool MayHave(StorePathHash hash)
    {
        Probe probe = new(hash);
        for (int i = 0; i < Probes; i++)
        {
            (int word, ulong bit) = probe.Next(_words.Length);
            if ((Volatile.Read(ref _words[word]) & bit) == 0)
                return false;
        }

        return true;
    }

    // Nobody outside of the process knows which bits a hash part has: its hash code differs in each.
    private struct Probe(StorePathHash hash)
    {
        private const ulong Multiplier = 0x9E3779B97F4A7C15;

        private ulong _state = (uint)hash.GetHashCode() * Multiplier;

        public (int Word, ulong Bit) Next(int words)
        {
            // The high half selects the word, the bits below it the bit.
            ulong mixed = _state ^ (_state >> 29);
            mixed *= 0xBF58476D1CE4E5B9;
            _state += Multiplier;
            return ((int)(((mixed >> 32) * (ulong)words) >> 32), 1UL << (int)((mixed >> 16) % WordBits));
        }
    }
}
