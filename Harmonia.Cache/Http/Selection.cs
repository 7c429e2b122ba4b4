namespace Harmonia.Cache.Http;

/// <summary>What of a representation a request gets, and in which coding (RFC 9110, section 13.2.2).</summary>
/// <param name="Representation">What is asked for.</param>
/// <param name="Offered">The codings that are available, beside identity.</param>
/// <param name="Result">What the response is.</param>
/// <param name="Coding">The coding of the response. Ranges count the bytes as they are, so a response to one has no coding.</param>
/// <param name="Range">The part of the bytes as they are.</param>
public readonly record struct Selection(
    Representation Representation, ContentCoding Offered, SelectionResult Result, ContentCoding Coding, ByteRange Range)
{
    /// <summary>Whether the response is known without the body.</summary>
    public bool IsDecided => Result is SelectionResult.NotModified or SelectionResult.PreconditionFailed;

    public static Selection Of(in SelectingHeaders headers, in Representation representation, ContentCoding offered)
    {
        ByteRange range = new(0, representation.Size ?? 0);
        RangeResult part = representation is { AcceptsRanges: true, Tag: { } identityTag, Size: { } size }
            ? RangeRequest.Select(headers, identityTag, size, out range)
            : RangeResult.Whole;
        ContentCoding coding = part == RangeResult.Whole
            ? headers.Choose(offered)
            : ContentCoding.Identity;
        return new Selection(representation, offered, Decide(headers, representation.Tag?.In(coding), part), coding, range);
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
