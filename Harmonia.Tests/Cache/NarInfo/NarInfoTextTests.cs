using System.Text;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.NarInfo;

public sealed class NarInfoTextTests
{
    [Test]
    public void All_fields_stand_in_the_order_of_Nix()
    {
        using SecretKey key = SecretKey.Parse(SamplePaths.SecretKey);
        Signature signature = key.Sign(Fingerprint.Of(StoreDirectory.Default, SamplePaths.Full));

        Assert.That(Render(SamplePaths.Full, key), Is.EqualTo($$"""
            StorePath: /nix/store/rpbvp3yr7709w8h43pda70d3pjw9skf5-f2
            URL: nar/rpbvp3yr7709w8h43pda70d3pjw9skf5-0j116zki4432hcpxlxd6mip064i53z5pn0vyvj0crgz8m1l04a69.nar
            Compression: none
            FileHash: sha256:0j116zki4432hcpxlxd6mip064i53z5pn0vyvj0crgz8m1l04a69
            FileSize: 160
            NarHash: sha256:0j116zki4432hcpxlxd6mip064i53z5pn0vyvj0crgz8m1l04a69
            NarSize: 160
            References: rpbvp3yr7709w8h43pda70d3pjw9skf5-f2 xp0dpr9yz5h0fk5c5lpj7zzqjbdh3w8c-f
            Deriver: yz0npkk0knai0s2jf4jrrq9ldk9b6x96-top.drv
            Sig: cache.nixos.org-1:GrGV/Ls10TzoOaCnrcAqmPbKXFLLSBDeGNh5EQGKyuGA4K1wv1LcRVb6/sU+NAPK8lDiam8XcdJzUngmdhfTBQ==
            Sig: {{signature}}
            CA: fixed:r:sha256:04zwf782yjwnh3q6hz5izfd6jyip8kgw6g6yj43fiqhbyhdd0dqw

            """));
    }

    [Test]
    public void A_path_without_references_keeps_the_blank_after_the_colon()
    {
        string text = Render(SamplePaths.Bare);

        Assert.That(text, Is.EqualTo("""
            StorePath: /nix/store/xp0dpr9yz5h0fk5c5lpj7zzqjbdh3w8c-f
            URL: nar/xp0dpr9yz5h0fk5c5lpj7zzqjbdh3w8c-04zwf782yjwnh3q6hz5izfd6jyip8kgw6g6yj43fiqhbyhdd0dqw.nar
            Compression: none
            FileHash: sha256:04zwf782yjwnh3q6hz5izfd6jyip8kgw6g6yj43fiqhbyhdd0dqw
            FileSize: 120
            NarHash: sha256:04zwf782yjwnh3q6hz5izfd6jyip8kgw6g6yj43fiqhbyhdd0dqw
            NarSize: 120
            References: 

            """.Replace("References: \n\n", "References: \n", StringComparison.Ordinal)));
    }

    [Test]
    public void The_strictest_Nix_reads_back_what_was_written()
    {
        using SecretKey key = SecretKey.Parse(SamplePaths.SecretKey);
        foreach (ValidPathInfo path in (ValidPathInfo[])[SamplePaths.Full, SamplePaths.WithReference, SamplePaths.Bare])
        {
            byte[] text = Encoding.UTF8.GetBytes(Render(path, key));

            ILookup<string, string> fields = NixNarInfoReader.Read(text).ToLookup(field => field.Key, field => field.Value);

            Assert.That(fields["StorePath"], Is.EqualTo(new[] { $"/nix/store/{path.Path.BaseName}" }));
            Assert.That(fields["References"], Is.EqualTo(new[] { string.Join(' ', path.Info.References) }));
            Assert.That(fields["NarSize"], Is.EqualTo(new[] { $"{path.Info.NarSize}" }));
        }
    }

    [Test]
    public async Task Any_number_of_keys_signs()
    {
        const int Count = 1_100;
        SecretKey[] keys = [.. Enumerable.Range(0, Count).Select(number => SecretKey.Generate($"key-{number}"))];
        await using CacheInMemory cache = await CacheInMemory.StartAsync(keys);
        ValidPathInfo path = cache.AddFile("file", [1]);
        for (int round = 0; round < 2; round++)
        {
            string text = await cache.Client.GetStringAsync(new Uri($"{path.Path.Hash}.narinfo", UriKind.Relative)).InTime();
            Assert.That(text.Split("\nSig: ").Length - 1, Is.EqualTo(Count));
        }

        foreach (SecretKey key in keys)
            key.Dispose();
    }

    [Test]
    public void The_store_directory_is_the_configured_one()
    {
        string text = NarInfoTexts.Render(StoreDirectory.Parse("/gnu/störe"), SamplePaths.Bare);

        Assert.That(text, Does.StartWith("StorePath: /gnu/störe/xp0dpr9yz5h0fk5c5lpj7zzqjbdh3w8c-f\n"));
    }

    private static string Render(ValidPathInfo path, params SecretKey[] keys) =>
        NarInfoTexts.Render(StoreDirectory.Default, path, keys);
}
