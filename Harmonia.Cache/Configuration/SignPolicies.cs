namespace Harmonia.Cache.Configuration;

/// <summary>The names of <see cref="SignPolicy"/> in the configuration file.</summary>
public static class SignPolicies
{
    public const string Key = "sign";

    private static readonly string[] Words = ["all", "ultimate", "none"];

    /// <summary>In the order of the values.</summary>
    public static ReadOnlySpan<string> Names => Words;

    public static SignPolicy? Find(string? name) => Array.IndexOf(Words, name) is >= 0 and var index ? (SignPolicy)index : null;

    public static string Of(SignPolicy policy) => Words[(int)policy];
}
