namespace Harmonia.Cache.Limits;

/// <summary>Changes a record in place. False if it is to be removed.</summary>
public delegate bool RecordChange(Span<byte> record);
