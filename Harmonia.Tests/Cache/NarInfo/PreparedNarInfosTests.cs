using System.Text;
using Harmonia.Cache.Catalog;
using Harmonia.Cache.Http;
using Harmonia.Cache.NarInfo;
using Harmonia.Cache.Transport;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.NarInfo;

public sealed class PreparedNarInfosTests
{
    private SecretKey _key = null!;
    private SecretKey _other = null!;
    private NarInfoSigner _signer = null!;
    private KnownNars _known = null!;
    private PreparedNarInfos _narInfos = null!;

    [SetUp]
    public void Start()
    {
        _key = SecretKey.Generate("first-1");
        _other = SecretKey.Generate("second-1");
        _signer = new NarInfoSigner(StoreDirectory.Default, [_key]);
        _known = new KnownNars();
        _narInfos = new PreparedNarInfos(_signer, _known, nars: null, capacity: 1 << 20);
    }

    [TearDown]
    public void Stop()
    {
        _key.Dispose();
        _other.Dispose();
    }

    [Test]
    public void A_narinfo_is_made_once()
    {
        PreparedNarInfo first = _narInfos.Of(Info(100));

        Assert.That(_narInfos.Of(Info(100)), Is.SameAs(first), "An equal path info is as good as the same.");
        Assert.That(_narInfos.Usage.Bytes(), Is.EqualTo(first.Bytes + 200));
    }

    [Test]
    public void A_path_of_which_something_else_is_known_gets_a_narinfo_of_its_own()
    {
        PreparedNarInfo first = _narInfos.Of(Info(100));

        PreparedNarInfo second = _narInfos.Of(Info(101));

        Assert.That(Text(second), Does.Contain("NarSize: 101"));
        Assert.That(second.Representation.Tag, Is.Not.EqualTo(first.Representation.Tag));
        Assert.That(_narInfos.Usage.Entries(), Is.EqualTo(1));
    }

    [Test]
    public void Other_keys_make_new_signatures()
    {
        Assert.That(Text(_narInfos.Of(Info(100))), Does.Contain("Sig: first-1:"));

        _signer.Replace([_other]);

        Assert.That(Text(_narInfos.Of(Info(100))), Does.Contain("Sig: second-1:").And.Not.Contain("first-1"));
    }

    [Test]
    public void Coded_forms_count_and_go_with_the_narinfo()
    {
        PreparedNarInfo first = _narInfos.Of(Info(100));
        long plain = first.Bytes;

        first.Body.Add(ContentCoding.Gzip, new byte[300]);
        MemoryBody kept = first.Body.Add(ContentCoding.Gzip, new byte[7]);

        Assert.That(kept.Length, Is.EqualTo(300), "The first one stays.");
        Assert.That(first.Bytes, Is.GreaterThanOrEqualTo(plain + 300));
        Assert.That(_narInfos.Usage.Bytes(), Is.EqualTo(first.Bytes + 200));

        PreparedNarInfo second = _narInfos.Of(Info(101));
        first.Body.Add(ContentCoding.Zstd, new byte[300]);

        Assert.That(second.Body.In(ContentCoding.Gzip), Is.Null);
        Assert.That(_narInfos.Usage.Bytes(), Is.EqualTo(second.Bytes + 200));
    }

    [Test]
    public void The_path_of_its_NAR_is_known_from_then_on()
    {
        ValidPathInfo path = Info(100);

        _narInfos.Of(path);

        Assert.That(_known.TryFind(path.Info.NarHash, out StorePathHash hash), Is.True);
        Assert.That(hash, Is.EqualTo(path.Path.Hash));
    }

    [Test]
    public void Without_memory_it_is_made_each_time()
    {
        PreparedNarInfos narInfos = new(_signer, _known, nars: null, capacity: 0);

        PreparedNarInfo first = narInfos.Of(Info(100));

        Assert.That(narInfos.Of(Info(100)), Is.Not.SameAs(first));
        Assert.That(narInfos.Usage.Entries(), Is.Zero);
    }

    private static string Text(PreparedNarInfo narInfo) => Encoding.UTF8.GetString(narInfo.Body.Read().Span);

    private static ValidPathInfo Info(ulong narSize)
    {
        StorePath path = FakeStore.PathOf(FakeStore.Hash(1));
        return new ValidPathInfo { Path = path, Info = FakeStore.InfoOf(path) with { NarSize = narSize } };
    }
}
