namespace Harmonia.Cache.Hosting.FastFront;

/// <summary>What a first look at a new connection has come to.</summary>
internal enum FirstLook
{
    /// <summary>Nothing has come yet.</summary>
    Silent,

    /// <summary>Its only request was answered, or the client is gone: the connection is closed, or will be when the response is sent.</summary>
    Done,

    /// <summary>It is Kestrel's, with all its bytes.</summary>
    Other,
}
