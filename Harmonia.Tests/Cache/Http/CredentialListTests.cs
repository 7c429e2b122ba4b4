using System.Text;
using Harmonia.Cache.Http;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Http;

public sealed class CredentialListTests
{
    private const string Token = "0123456789abcdef0123456789abcdef";

    // Computed by Python: hashlib.pbkdf2_hmac("sha256", b"pass:word", b"salt", 1000).
    private const string Foreign = "bob:$pbkdf2-sha256$1000$c2FsdA==$v9T+oqyNqcvkNZkJxfxE6imaWdYqCDYVibkKMIcaqY8=";

    private readonly CredentialList _list = new([
        Parse($"alice:{PasswordHash.Of("sésame")}"),
        Parse($"ci:{TokenHash.Of(Token)}"),
    ]);

    [Test]
    public void A_login_with_its_password_is_admitted_and_remembered()
    {
        string header = Basic("alice:sésame");

        Assert.That(_list.Remembers(header), Is.False);
        Assert.That(_list.Admits(header));
        Assert.That(_list.Remembers(header));
    }

    [TestCase("alice:wrong")]
    [TestCase("alice:")]
    [TestCase("alice")]
    [TestCase("bob:sésame")]
    [TestCase("ci:" + Token)]
    public void Another_login_or_password_is_not_admitted_nor_remembered(string pair)
    {
        Assert.That(_list.Admits(Basic(pair)), Is.False);
        Assert.That(_list.Remembers(Basic(pair)), Is.False);
    }

    [TestCase("Bearer " + Token, true)]
    [TestCase("bearer  " + Token, true)]
    [TestCase("Bearer " + Token + "0", false)]
    [TestCase("Bearer", false)]
    [TestCase("Bearer s\u00e9same", false)]
    [TestCase("Basic !!!", false)]
    [TestCase("Digest x", false)]
    [TestCase(Token, false)]
    public void Tokens_are_for_bearers_alone(string header, bool isAdmitted) =>
        Assert.That(_list.Admits(header), Is.EqualTo(isAdmitted));

    [TestCase("alice")]
    [TestCase(":$token-sha256$")]
    [TestCase("alice:plain")]
    [TestCase("alice:$pbkdf2-sha256$0$c2FsdA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [TestCase("alice:$pbkdf2-sha256$1$$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [TestCase("alice:$pbkdf2-sha256$1$c2FsdA==$AAAA")]
    [TestCase("alice:$token-sha256$AAAA")]
    public void Another_line_is_refused(string line) => Assert.That(Credential.TryParse(line, out _), Is.False);

    [Test]
    public void A_hash_made_elsewhere_is_understood() =>
        Assert.That(new CredentialList([Parse(Foreign)]).Admits(Basic("bob:pass:word")));

    [Test]
    public void Hashes_of_the_same_password_differ_and_are_read_back_to_the_same()
    {
        string first = PasswordHash.Of("x").ToString();

        Assert.That(PasswordHash.Of("x").ToString(), Is.Not.EqualTo(first));
        Assert.That(Parse($"a:{first}").Password!.ToString(), Is.EqualTo(first));
        Assert.That(Parse($"a:{TokenHash.Of("x")}").Token!.ToString(), Is.EqualTo(TokenHash.Of("x").ToString()));
    }

    private static string Basic(string pair) => $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(pair))}";

    private static Credential Parse(string line) =>
        Credential.TryParse(line, out Credential? credential) ? credential : throw new FormatException(line);
}
