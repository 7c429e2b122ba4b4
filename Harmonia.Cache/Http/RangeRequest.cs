namespace Harmonia.Cache.Http;

/// <summary>The part of a body that a request wants, by its Range and If-Range.</summary>
public static class RangeRequest
{
    /// <summary>Ranges are defined for GET alone (RFC 9110, section 14.2). Several Range lines are no valid header.</summary>
    public static RangeResult Select(in SelectingHeaders headers, EntityTag tag, long size, out ByteRange range)
    {
        range = new ByteRange(0, size);
        bool applies = headers.IsGet && headers.Range.Count == 1
            && (headers.IfRange.Count == 0 || tag.MatchesIfRange(headers.IfRange));
        return applies ? ByteRange.Parse(headers.Range[0], size, out range) : RangeResult.Whole;
    }
}
