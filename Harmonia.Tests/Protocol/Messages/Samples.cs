using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;

namespace Harmonia.Tests.Protocol.Messages;

/// <summary>
/// A request and a reply of each operation, put together by hand as docs/protocol.md says, for everything two peers can have agreed
/// on. Each field has a value of its own, sets and maps have elements.
/// </summary>
public static class Samples
{
    public const string A = "/nix/store/0c0y0wrs5dywh5vjxqcjivpx9dpf7cxy-a";
    public const string B = "/nix/store/1a2b3c4d5f6g7h8i9j0k1l2m3n4p5q6r-b";
    public const string Drv = "/nix/store/2a2b3c4d5f6g7h8i9j0k1l2m3n4p5q6r-c.drv";
    public const string Hash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    public const string Address = "fixed:r:sha256:0mdqa9w1p6cmli6976v4wi0sw9r4p5prkj7lzfd1877wk11c9c73";
    public const string Signature = "key-1:c2lnbmF0dXJl";
    public const string Output = $"sha256:{Hash}!out";

    /// <summary>A realisation as Nix 2.34 writes it.</summary>
    public static string Json { get; } =
        """{"dependentRealisations":{"sha256:""" +
        $$"""{{Hash}}!dev":"{{B[11..]}}"},"id":"{{Output}}","outPath":"{{A[11..]}}","signatures":["{{Signature}}"]}""";

    public static StorePath PathOf(string absolute) => StoreDirectory.Default.ParsePath(absolute);

    /// <summary>A request without its number, up to an upload that follows it.</summary>
    public static byte[] Request(Operation operation, MessageContext context)
    {
        byte minor = context.Version.Minor;
        WireBytes bytes = new();
        _ = operation switch
        {
            Operation.SyncWithGC or Operation.FindRoots or Operation.QueryAllValidPaths or Operation.ImportPaths or Operation.OptimiseStore
                or Operation.CountValidPaths
                => bytes,
            Operation.AddToStore when minor >= 25 => bytes.Text("name", "fixed:r:sha256").U64(2).Text(A, B).U64(1),
            Operation.AddToStore => bytes.Text("name").U64(1, 1).Text("sha256"),
            Operation.AddTextToStore => bytes.Text("name", "text").U64(2).Text(A, B),
            Operation.BuildPaths or Operation.BuildPathsWithResults => DerivedPaths(bytes, minor).U64(2),
            Operation.AddIndirectRoot => bytes.Bytes([(byte)'/', 0xff]),
            Operation.ExportPath => bytes.Text(A).U64(1),
            Operation.SetOptions => bytes
                .U64(1, 0, 1, 5, 16, 60, 1, 7, 0, 0, 4, 1, 2).Text("cores", "4", "max-jobs", "16"),
            Operation.CollectGarbage when context.Features.Contains(ProtocolFeatures.DeleteDeadSpecificReferrers)
                => bytes.U64(3, 0, 2).Text(A, B).U64(1, 0, 1024, 0, 0, 0),
            Operation.CollectGarbage => bytes.U64(3, 2).Text(A, B).U64(0, 1024, 0, 0, 0),
            Operation.QueryPathFromHashPart => bytes.Text(A[11..43]),
            Operation.QuerySubstitutablePathInfos when minor >= 22 => bytes.U64(2).Text(A, Address, B, ""),
            Operation.QuerySubstitutablePathInfos => bytes.U64(2).Text(A, B),
            Operation.QueryValidPaths when minor >= 27 => bytes.U64(2).Text(A, B).U64(1),
            Operation.QueryValidPaths or Operation.QuerySubstitutablePaths => bytes.U64(2).Text(A, B),
            Operation.VerifyStore => bytes.U64(1, 0),
            Operation.BuildDerivation => bytes
                .Text(Drv).U64(2).Text("dev", "", "r:sha256", "", "out", A, "", "").U64(2).Text(A, B)
                .Text("x86_64-linux", "/bin/sh").U64(2).Text("-c").Bytes([0xff]).U64(2).Text("a", "1").Text("b").Bytes([0xfe]).U64(2),
            Operation.AddSignatures => bytes.Text(A).U64(1).Text(Signature),
            Operation.AddToStoreNar => Info(bytes.Text(A)).U64(1, 0),
            Operation.QueryMissing => DerivedPaths(bytes, minor),
            Operation.RegisterDrvOutput when context.RealisationWithPathNotHash => bytes.Text(Drv, "out", A).U64(1).Text(Signature),
            Operation.RegisterDrvOutput when minor >= 31 => bytes.Text(Json),
            Operation.RegisterDrvOutput => bytes.Text(Output, A[11..]),
            Operation.QueryRealisation when context.RealisationWithPathNotHash => bytes.Text(Drv, "out"),
            Operation.QueryRealisation => bytes.Text(Output),
            Operation.AddMultipleToStore => bytes.U64(1, 0),
            Operation.AddBuildLog => bytes.Text(Drv[11..]),
            Operation.AddPermRoot => bytes.Text(A).Bytes([(byte)'/', 0xff]),
            Operation.QueryPathInfosByHashPart => bytes.U64(2).Text(A[11..43], B[11..43]),
            Operation.AwaitStoreChange => bytes.U64(7, 250),
            _ => bytes.Text(A),
        };
        return bytes.ToArray();
    }

    /// <summary>A reply to any operation but NarFromPath.</summary>
    public static byte[] Reply(Operation operation, MessageContext context)
    {
        byte minor = context.Version.Minor;
        WireBytes bytes = new();
        _ = operation switch
        {
            Operation.SetOptions or Operation.AddToStoreNar or Operation.RegisterDrvOutput or Operation.AddMultipleToStore => bytes,
            Operation.QueryPathHash => bytes.Text(Hash),
            Operation.QueryReferences or Operation.QueryReferrers or Operation.QueryDerivationOutputs or Operation.QueryValidPaths
                or Operation.QuerySubstitutablePaths or Operation.QueryValidDerivers or Operation.QueryAllValidPaths
                or Operation.ImportPaths
                => bytes.U64(2).Text(A, B),
            Operation.AddToStore when minor >= 25 => Info(bytes.Text(A)),
            Operation.AddToStore or Operation.AddTextToStore or Operation.QueryDeriver or Operation.QueryPathFromHashPart => bytes.Text(A),
            Operation.FindRoots => bytes.U64(2).Text("/root", A, "{temp:1}", B),
            Operation.CollectGarbage => bytes.U64(2).Text(A, "/nix/store/stray").U64(4096, 0),
            Operation.QuerySubstitutablePathInfo or Operation.QuerySubstitutablePathInfos => bytes.U64(0),
            Operation.QueryPathInfo => Info(bytes.U64(1)),
            Operation.QueryDerivationOutputNames => bytes.U64(2).Text("dev", "out"),
            Operation.BuildDerivation => Result(bytes, context),
            Operation.QueryMissing => bytes.U64(1).Text(Drv).U64(1).Text(A).U64(1).Text(B).U64(10, 20),
            Operation.QueryDerivationOutputMap => bytes.U64(2).Text("dev", "", "out", A),
            Operation.QueryRealisation when context.RealisationWithPathNotHash => bytes.U64(1).Text(A).U64(1).Text(Signature),
            Operation.QueryRealisation => bytes.U64(1).Text(minor >= 31 ? Json : A),
            Operation.BuildPathsWithResults => Result(bytes.U64(1).Text(minor >= 30 ? $"{Drv}!*" : Drv), context),
            Operation.AddPermRoot => bytes.Bytes([(byte)'/', 0xff]),
            Operation.QueryPathInfosByHashPart => Info(bytes.U64(1).Text(A)).U64(0),
            Operation.AwaitStoreChange when context.HarmoniaChanges => bytes.U64(8, 0, 2).Text(A[11..43], B[11..43]),
            Operation.AwaitStoreChange => bytes.U64(8, 0, 0),
            _ => bytes.U64(1),
        };
        return bytes.ToArray();
    }

    private static WireBytes Info(WireBytes bytes) =>
        bytes.Text(Drv, Hash).U64(2).Text(A, B).U64(1_700_000_000, 120, 1, 1).Text(Signature, Address);

    private static WireBytes DerivedPaths(WireBytes bytes, byte minor) => minor >= 30
        ? bytes.U64(4).Text(A, Drv, $"{Drv}!*", $"{Drv}!dev,out")
        : bytes.U64(3).Text(A, Drv, $"{Drv}!dev,out");

    private static WireBytes Result(WireBytes bytes, MessageContext context)
    {
        byte minor = context.Version.Minor;
        bytes.U64(0).Text("");
        if (minor >= 29)
            bytes.U64(1, 0, 1_700_000_000, 1_700_000_009);
        if (minor >= 37)
            bytes.U64(1, 500_000, 0);
        if (context.RealisationWithPathNotHash)
            bytes.U64(1).Text("out", A).U64(1).Text(Signature);
        else if (minor >= 28)
            bytes.U64(1).Text(Output, Json);
        return bytes;
    }
}
