namespace Harmonia.Cache.Http;

/// <summary>
/// Ids of connections that Kestrel never sees, in its form: 64 bits as 13 digits of base 32. Kestrel counts up from the time of its start;
/// these have another first digit.
/// </summary>
public static class FastConnectionId
{
    private const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUV";
    private const int BitsOfDigit = 5;

    private static long _last = DateTime.UtcNow.Ticks | long.MinValue;

    /// <summary>An id that no other connection of this process has.</summary>
    public static string Next() => string.Create(FastRequestId.ConnectionLength, (ulong)Interlocked.Increment(ref _last), static (text, number) =>
    {
        for (int i = text.Length - 1; i >= 0; i--)
        {
            text[i] = Digits[(int)(number % (uint)Digits.Length)];
            number >>= BitsOfDigit;
        }
    });
}
