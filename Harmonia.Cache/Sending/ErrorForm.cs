using Harmonia.Cache.Http;

namespace Harmonia.Cache.Sending;

/// <summary>Gives an error another form than plain text. A request that needs one has it among the features of its context.</summary>
public delegate ErrorReply ErrorForm(ErrorReply error);
