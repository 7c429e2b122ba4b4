using Microsoft.Win32.SafeHandles;

namespace Harmonia.Protocol.Interop;

/// <summary>An <c>EVP_PKEY</c>. Freeing it overwrites the secret half.</summary>
internal sealed class LibCryptoKey() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle()
    {
        LibCrypto.FreeKey(handle);
        return true;
    }
}
