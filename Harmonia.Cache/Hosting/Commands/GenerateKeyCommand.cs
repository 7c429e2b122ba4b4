using System.CommandLine;
using Harmonia.Protocol.Store;

namespace Harmonia.Cache.Hosting.Commands;

/// <summary><c>generate-key NAME SECRET PUBLIC</c>: a key pair in Nix's form.</summary>
public static class GenerateKeyCommand
{
    private const int Failed = 1;

    public static Command Create()
    {
        Argument<string> name = new("NAME")
        {
            Description = "The name of the key, by custom the cache's host name and a number: cache.example.com-1",
        };
        Argument<string> secret = new("SECRET") { Description = "The file for the secret key; it must not exist" };
        Argument<string> publicKey = new("PUBLIC") { Description = "The file for the public key; it must not exist" };
        Command command = new("generate-key", "Makes a key pair that Nix and this cache sign with.") { name, secret, publicKey };
        command.SetAction(result => Run(
            result.GetRequiredValue(name), result.GetRequiredValue(secret), result.GetRequiredValue(publicKey)));
        return command;
    }

    private static int Run(string name, string secretFile, string publicFile)
    {
        try
        {
            using SecretKey key = SecretKey.Generate(name);
            KeyPairFiles.Write(key, secretFile, publicFile);
            return 0;
        }
        catch (Exception exception) when (exception is FormatException or IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine(exception.Message);
            return Failed;
        }
    }
}
