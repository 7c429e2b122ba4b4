using System.CommandLine;
using Harmonia.Cache.Http;

namespace Harmonia.Cache.Hosting.Commands;

/// <summary><c>hash-password NAME</c>: a line for the credentials file, of the password or token on standard input.</summary>
public static class HashPasswordCommand
{
    private const int Failed = 1;

    public static Command Create()
    {
        Argument<string> name = new("NAME") { Description = "The name in front of the hash: the login of a password, a remark for a token" };
        Option<bool> token = new("--token") { Description = "Make a line for bearer authentication instead of a login and password." };
        Command command = new(
            "hash-password", "Reads a password, or a token, from standard input and prints its line for the file credentials_path.")
        {
            name,
            token,
        };
        command.SetAction(result => Run(
            result.GetRequiredValue(name), result.GetValue(token), Console.In, Console.Out, Console.Error));
        return command;
    }

    private static int Run(string name, bool isToken, TextReader input, TextWriter output, TextWriter errors)
    {
        string secret = input.ReadLine() ?? "";
        string? problem = Problem(name, secret, isToken);
        if (problem is not null)
        {
            errors.WriteLine(problem);
            return Failed;
        }

        output.WriteLine($"{name}:{(isToken ? TokenHash.Of(secret).ToString() : PasswordHash.Of(secret).ToString())}");
        return 0;
    }

    private static string? Problem(string name, string secret, bool isToken)
    {
        if (name.Length == 0 || name[0] == '#' || name.Contains(':', StringComparison.Ordinal) || name.Any(char.IsWhiteSpace))
            return "expected a name without ':', blanks and a leading '#'";
        if (secret.Length == 0)
            return "expected a password on standard input";
        return isToken && secret.Length < TokenHash.MinLength ? $"expected a token of at least {TokenHash.MinLength} characters" : null;
    }
}
