namespace Harmonia.Cache.Http;

/// <summary>The part of a body that a request wants, by its Range and If-Range.</summary>
public static class RangeRequest
{
    /// <summary>Ranges are defined for GET alone (RFC 9110, section 14.2). Several Range lines are no valid header.</summary>
    public static RangeResult Select(HttpRequest request, EntityTag tag, long size, out ByteRange range)
    {
        range = new ByteRange(0, size);
        bool applies = Methods.IsGet(request.Method) && request.Headers.Range.Count == 1
            && (request.Headers.IfRange.Count == 0 || tag.MatchesIfRange(request.Headers.IfRange));
        return applies ? ByteRange.Parse(request.Headers.Range[0], size, out range) : RangeResult.Whole;
    }
}
