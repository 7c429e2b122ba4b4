using Harmonia.Cache.Http;

namespace Harmonia.Cache.Hosting.FastFront;

/// <summary>What is counted and logged of a request.</summary>
internal readonly record struct AnsweredRequest
{
    /// <summary>The index of the kind of URL in the metrics.</summary>
    public required int Path { get; init; }

    /// <summary>The URL, if there is a use for it.</summary>
    public required string Target { get; init; }

    public required string Method { get; init; }

    public required int Status { get; init; }

    public required int BodyLength { get; init; }

    public required ShortRequestId Id { get; init; }

    /// <summary>The stopwatch's time stamp when it was there.</summary>
    public required long Began { get; init; }

    /// <summary>From there to the head of the answer.</summary>
    public required TimeSpan UntilHead { get; init; }
}
