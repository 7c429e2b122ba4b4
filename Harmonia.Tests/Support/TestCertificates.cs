namespace Harmonia.Tests.Support;

/// <summary>Certificates and keys for localhost that openssl made, with an authority of their own.</summary>
public sealed class TestCertificates : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private TestCertificates()
    {
    }

    /// <summary>The certificate that clients must trust.</summary>
    public string Authority => _directory["ca.pem"];

    /// <summary>The server's certificate, followed by the intermediate one.</summary>
    public string Chain => _directory["chain.pem"];

    /// <summary>The server's certificate over an EC key, followed by the intermediate one.</summary>
    public string EllipticChain => _directory["ec-chain.pem"];

    public string Pkcs8Key => _directory["pkcs8.key"];

    /// <summary>The same RSA key as <see cref="Pkcs8Key"/>.</summary>
    public string Pkcs1Key => _directory["pkcs1.key"];

    /// <summary>The key of <see cref="EllipticChain"/>.</summary>
    public string Sec1Key => _directory["sec1.key"];

    /// <summary>A certificate of X.509 version 1 over <see cref="Pkcs8Key"/>.</summary>
    public string VersionOne => _directory["v1.pem"];

    /// <summary>What a client shows, certificate and key in one file.</summary>
    public string Client => _directory["client.pem"];

    public static async Task<TestCertificates> MakeAsync()
    {
        TestCertificates certificates = new();
        await Command.RunAsync("/bin/sh", ["-euc", """
            cd "$1"
            authority() { openssl req -x509 -newkey rsa:2048 -nodes -keyout "$1.key" -out "$1.pem" -subj "/CN=$1" -days 2; }
            sign() { # name authority extensions
              openssl req -new -key "$1.key" -subj "/CN=$1" -out "$1.csr"
              printf "$3" > "$1.ext"
              openssl x509 -req -in "$1.csr" -CA "$2.pem" -CAkey "$2.key" -CAcreateserial -days 2 -extfile "$1.ext" -out "$1.pem"
            }
            authority ca
            openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out intermediate.key
            sign intermediate ca 'basicConstraints=critical,CA:true\n'
            openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out pkcs8.key
            openssl rsa -in pkcs8.key -traditional -out pkcs1.key
            openssl ecparam -name prime256v1 -genkey -out sec1.key
            names='subjectAltName=DNS:localhost,IP:127.0.0.1\n'
            sign pkcs8 intermediate "$names"; cat pkcs8.pem intermediate.pem > chain.pem
            sign sec1 intermediate "$names"; cat sec1.pem intermediate.pem > ec-chain.pem
            openssl x509 -req -in pkcs8.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -out v1.pem
            openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out client.key
            sign client ca 'extendedKeyUsage=clientAuth\n'; cat client.key >> client.pem
            chmod 600 *.key
            """, "sh", certificates._directory.Path]);
        return certificates;
    }

    public void Dispose() => _directory.Dispose();
}
