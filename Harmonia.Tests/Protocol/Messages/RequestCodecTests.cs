using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Adding;
using Harmonia.Protocol.Messages.Building;
using Harmonia.Protocol.Messages.Gc;
using Harmonia.Protocol.Messages.Queries;
using Harmonia.Protocol.Store;
using Harmonia.Protocol.Wire;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Protocol.Messages;

/// <summary>The meaning of the fields of the samples; their layout is checked in <see cref="MessageLayoutTests"/>.</summary>
public sealed class RequestCodecTests
{
    private static readonly StorePath A = Samples.PathOf(Samples.A);
    private static readonly StorePath B = Samples.PathOf(Samples.B);

    [Test]
    public async Task QueryValidPaths_can_substitute_since_127()
    {
        QueryValidPathsRequest now = await ReadAsync(Operation.QueryValidPaths, Contexts.Current, QueryValidPathsRequestCodec.ReadAsync);
        QueryValidPathsRequest before = await ReadAsync(Operation.QueryValidPaths, Contexts.At(26), QueryValidPathsRequestCodec.ReadAsync);

        Assert.That(now.Paths, Is.EqualTo([A, B]));
        Assert.That(now.Substitute, Is.True);
        Assert.That(before.Substitute, Is.False);
    }

    [Test]
    public async Task AddToStore_has_name_method_references_and_repair()
    {
        AddToStoreRequest request = await ReadAsync(Operation.AddToStore, Contexts.Current, AddToStoreRequestCodec.ReadAsync);

        Assert.That(request.Name, Is.EqualTo("name"));
        Assert.That(request.Method, Is.EqualTo("fixed:r:sha256"));
        Assert.That(request.References, Is.EqualTo([A, B]));
        Assert.That(request.Repair, Is.True);
    }

    [Test]
    public async Task Old_AddToStore_has_name_and_algorithm()
    {
        byte[] bytes = new WireBytes().Text("name").U64(1, 0).Text("sha1").ToArray();

        OldAddToStoreRequest request = await Codec.ReadAsync(bytes, r => OldAddToStoreRequestCodec.ReadAsync(r, default));

        Assert.That(
            request, Is.EqualTo(new OldAddToStoreRequest { Name = "name", Fixed = true, Recursive = false, HashAlgorithm = "sha1" }));
    }

    [Test]
    public async Task AddTextToStore_has_name_text_and_references()
    {
        AddTextToStoreRequest request = await ReadAsync(Operation.AddTextToStore, Contexts.Current, AddTextToStoreRequestCodec.ReadAsync);

        Assert.That(request.Name, Is.EqualTo("name"));
        Assert.That(request.Text.ToArray(), Is.EqualTo("text"u8.ToArray()));
        Assert.That(request.References, Is.EqualTo([A, B]));
    }

    [Test]
    public async Task AddToStoreNar_has_path_info_repair_and_signature_check()
    {
        AddToStoreNarRequest request = await ReadAsync(Operation.AddToStoreNar, Contexts.Current, AddToStoreNarRequestCodec.ReadAsync);

        Assert.That(request.Info.Path, Is.EqualTo(A));
        Assert.That(request.Info.Info.NarSize, Is.EqualTo(120));
        Assert.That(request.Info.Info.RegistrationTime, Is.EqualTo(1_700_000_000));
        Assert.That(request.Repair, Is.True);
        Assert.That(request.DontCheckSignatures, Is.False);
    }

    [Test]
    public async Task AddMultipleToStore_has_repair_and_signature_check()
    {
        byte[] bytes = Samples.Request(Operation.AddMultipleToStore, Contexts.Current);

        AddMultipleToStoreRequest request = await Codec.ReadAsync(bytes, r => AddMultipleToStoreRequestCodec.ReadAsync(r, default));

        Assert.That(request, Is.EqualTo(new AddMultipleToStoreRequest(Repair: true, DontCheckSignatures: false)));
    }

    [Test]
    public async Task BuildDerivation_keeps_bytes_that_are_not_text()
    {
        BuildDerivationRequest request =
            await ReadAsync(Operation.BuildDerivation, Contexts.Current, BuildDerivationRequestCodec.ReadAsync);

        BasicDerivation derivation = request.Derivation;
        Assert.That(request.Path, Is.EqualTo(Samples.PathOf(Samples.Drv)));
        Assert.That(request.Mode, Is.EqualTo(BuildMode.Check));
        Assert.That(derivation.Outputs, Is.EqualTo([
            new BasicDerivationOutput("dev", "", "r:sha256", ""), new BasicDerivationOutput("out", Samples.A, "", "")]));
        Assert.That(derivation.InputSources, Is.EqualTo([A, B]));
        Assert.That(derivation.Platform, Is.EqualTo("x86_64-linux"));
        Assert.That(derivation.Builder.ToArray(), Is.EqualTo("/bin/sh"u8.ToArray()));
        Assert.That(derivation.Arguments.Select(Hex), Is.EqualTo([Hex("-c"u8.ToArray()), "ff"]));
        Assert.That(
            derivation.Environment.Select(variable => $"{Hex(variable.Key)}={Hex(variable.Value)}"), Is.EqualTo(["61=31", "62=fe"]));
    }

    [Test]
    public async Task Links_are_bytes_of_the_file_system()
    {
        AddPermRootRequest request = await ReadAsync(Operation.AddPermRoot, Contexts.Current, AddPermRootRequestCodec.ReadAsync);

        Assert.That(request.Path, Is.EqualTo(A));
        Assert.That(Hex(request.Link), Is.EqualTo("2fff"));
    }

    [Test]
    public async Task Small_requests_have_the_fields_of_their_names()
    {
        ExportPathRequest export = await ReadAsync(Operation.ExportPath, Contexts.Current, ExportPathRequestCodec.ReadAsync);
        AddSignaturesRequest signatures = await ReadAsync(Operation.AddSignatures, Contexts.Current, AddSignaturesRequestCodec.ReadAsync);
        VerifyStoreRequest verify = await Codec.ReadAsync(
            Samples.Request(Operation.VerifyStore, Contexts.Current), r => VerifyStoreRequestCodec.ReadAsync(r, default));

        Assert.That(export, Is.EqualTo(new ExportPathRequest(A, Sign: true)));
        Assert.That(signatures.Path, Is.EqualTo(A));
        Assert.That(signatures.Signatures, Is.EqualTo([Samples.Signature]));
        Assert.That(verify, Is.EqualTo(new VerifyStoreRequest(CheckContents: true, Repair: false)));
    }

    [Test]
    public async Task QuerySubstitutablePathInfos_has_content_addresses_since_122()
    {
        IReadOnlyDictionary<StorePath, ContentAddress?> now = await ReadAsync(
            Operation.QuerySubstitutablePathInfos, Contexts.At(22), SubstitutablePathInfosRequestCodec.ReadAsync);
        IReadOnlyDictionary<StorePath, ContentAddress?> before = await ReadAsync(
            Operation.QuerySubstitutablePathInfos, Contexts.At(21), SubstitutablePathInfosRequestCodec.ReadAsync);

        Assert.That(now[A], Is.EqualTo(ContentAddress.Parse(Samples.Address)));
        Assert.That(now[B], Is.Null);
        Assert.That(before.Values, Is.EqualTo(new ContentAddress?[] { null, null }));
    }

    private static string Hex(ReadOnlyMemory<byte> bytes) => Convert.ToHexStringLower(bytes.Span);

    private static Task<T> ReadAsync<T>(
        Operation operation, MessageContext context, Func<WireReader, MessageContext, CancellationToken, ValueTask<T>> read) =>
        Codec.ReadAsync(Samples.Request(operation, context), r => read(r, context, default));
}
