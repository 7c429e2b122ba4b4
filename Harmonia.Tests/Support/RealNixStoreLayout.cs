namespace Harmonia.Tests.Support;

/// <summary>Where a test's store lies, and under which name its paths go.</summary>
public enum RealNixStoreLayout
{
    /// <summary>The store directory is a temporary folder, and paths say so (NIX_STORE_DIR).</summary>
    Direct,

    /// <summary>Paths say <c>/nix/store</c>, the files lie below a temporary root (<c>--store &lt;root&gt;</c>).</summary>
    Chroot,
}
