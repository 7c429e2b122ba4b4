namespace Harmonia.Cache.Transport;

/// <summary>
/// Ids of connections that Kestrel never sees, in its form: 64 bits as 13 digits of base 32. Kestrel counts up from the time of its start;
/// these have another first digit.
/// </summary>
public static class FastConnectionId
{
    /// <summary>The number of characters.</summary>
    public const int Length = 13;

    private const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUV";
    private const int BitsOfDigit = 5;

    private static long _last = DateTime.UtcNow.Ticks | long.MinValue;

    /// <summary>Whether an id has the length that Kestrel gives it.</summary>
    public static bool Fits(string id) => id.Length == Length;

    /// <summary>An id that no other connection of this process has.</summary>
    public static string Next() => string.Create(Length, (ulong)Interlocked.Increment(ref _last), static (text, number) =>
    {
        for (int i = text.Length - 1; i >= 0; i--)
        {
            text[i] = Digits[(int)(number % (uint)Digits.Length)];
            number >>= BitsOfDigit;
        }
    });
}
