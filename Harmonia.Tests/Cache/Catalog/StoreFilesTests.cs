using System.Text;
using Harmonia.Cache.Catalog;
using Harmonia.Protocol.Store;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Catalog;

public sealed class StoreFilesTests
{
    [TestCase("/nix/store", "/nix/store/xp0dpr9yz5h0fk5c5lpj7zzqjbdh3w8c-f")]
    [TestCase("/mnt/störe/", "/mnt/störe/xp0dpr9yz5h0fk5c5lpj7zzqjbdh3w8c-f")]
    public void A_path_is_in_the_directory_of_the_files(string directory, string expected)
    {
        byte[] name = new StoreFiles(directory).NameOf(StorePath.Parse("xp0dpr9yz5h0fk5c5lpj7zzqjbdh3w8c-f"));

        Assert.That(Encoding.UTF8.GetString(name), Is.EqualTo(expected));
    }
}
