namespace Harmonia.Cache.Http;

/// <summary>What of a representation a request gets, and in which coding (RFC 9110, section 13.2.2).</summary>
/// <param name="Representation">What is asked for.</param>
/// <param name="Result">What the response is.</param>
/// <param name="Coding">The coding of the response. Ranges count the bytes as they are, so a response to one has no coding.</param>
/// <param name="Part">The part of the bytes as they are; null unless the response is partial.</param>
public readonly record struct Selection(Representation Representation, SelectionResult Result, ContentCoding Coding, ByteRange? Part)
{
    /// <summary>Whether the response is known without the body.</summary>
    public bool IsDecided => Result is SelectionResult.NotModified or SelectionResult.PreconditionFailed;

    /// <summary>The bytes to send, as they are; empty while their number is not known.</summary>
    public ByteRange Range => Part ?? new ByteRange(0, Representation.Size ?? 0);

    public static Selection Of(in SelectingHeaders headers, in Representation representation)
    {
        // Most requests.
        if (headers.SelectWhole)
            return new Selection(representation, SelectionResult.Whole, headers.Choose(representation.Offered), Part: null);

        ByteRange range = default;
        RangeResult part = representation is { AcceptsRanges: true, Tag: { } identityTag, Size: { } size }
            ? RangeRequest.Select(headers, identityTag, size, out range)
            : RangeResult.Whole;
        ContentCoding coding = part == RangeResult.Whole
            ? headers.Choose(representation.Offered)
            : ContentCoding.Identity;
        SelectionResult result = Decide(headers, representation.Tag?.In(coding), part);
        return new Selection(representation, result, coding, result == SelectionResult.Partial ? range : null);
    }

    private static SelectionResult Decide(in SelectingHeaders headers, EntityTag? tag, RangeResult part)
    {
        if (tag is { } known)
        {
            if (headers.IfMatch.Count > 0 && !known.MatchesIfMatch(headers.IfMatch))
                return SelectionResult.PreconditionFailed;
            if (known.MatchesIfNoneMatch(headers.IfNoneMatch))
                return SelectionResult.NotModified;
        }

        return part switch
        {
            RangeResult.Partial => SelectionResult.Partial,
            RangeResult.Unsatisfiable => SelectionResult.Unsatisfiable,
            _ => SelectionResult.Whole,
        };
    }
}
