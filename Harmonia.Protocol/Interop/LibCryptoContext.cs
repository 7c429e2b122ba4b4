using Microsoft.Win32.SafeHandles;

namespace Harmonia.Protocol.Interop;

/// <summary>An <c>EVP_MD_CTX</c>: the state of one signature, for one thread.</summary>
internal sealed class LibCryptoContext() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle()
    {
        LibCrypto.FreeDigestContext(handle);
        return true;
    }
}
