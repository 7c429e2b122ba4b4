using System.Text.Json;
using Harmonia.Protocol.Messages.Stderr;

namespace Harmonia.Daemon.Building;

/// <summary>
/// What a Nix program writes to its standard error with <c>--log-format internal-json</c>: the same messages that a daemon sends its
/// clients. Nix: src/libutil/logging.cc, JSONLogger.
/// </summary>
internal static class DelegateLog
{
    private const string Prefix = "@nix ";
    private const string ErrorPrefix = "error:";

    /// <summary>The message in a line. A line without one is text for the user. Null for an unknown message.</summary>
    public static StderrMessage? Read(string line)
    {
        if (!line.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return new StderrMessage.Next(line + "\n");
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(line.AsMemory(Prefix.Length));
            return Read(document.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            return new StderrMessage.Next(line + "\n");
        }
    }

    private static StderrMessage? Read(JsonElement message) => message.GetProperty("action").GetString() switch
    {
        "start" => new StderrMessage.StartActivity(
            message.GetProperty("id").GetUInt64(),
            (LogLevel)message.GetProperty("level").GetUInt32(),
            (ActivityType)message.GetProperty("type").GetUInt32(),
            message.GetProperty("text").GetString() ?? "",
            Fields(message),
            message.TryGetProperty("parent", out JsonElement parent) ? parent.GetUInt64() : 0),
        "stop" => new StderrMessage.StopActivity(message.GetProperty("id").GetUInt64()),
        "result" => new StderrMessage.Result(
            message.GetProperty("id").GetUInt64(), (ResultType)message.GetProperty("type").GetUInt32(), Fields(message)),
        "msg" => Text(message),
        _ => null,
    };

    private static StderrMessage Text(JsonElement message)
    {
        string text = message.GetProperty("msg").GetString() ?? "";

        // Ordinary lines have the level of errors too. Only a real error has a second text without terminal codes.
        string? error = message.GetProperty("level").GetUInt32() != (uint)LogLevel.Error ? null
            : message.TryGetProperty("raw_msg", out JsonElement bare) ? bare.GetString()
            : text.StartsWith(ErrorPrefix, StringComparison.Ordinal) ? text[ErrorPrefix.Length..].TrimStart()
            : null;
        return error is null ? new StderrMessage.Next(text + "\n") : new StderrMessage.Failure(new RemoteError { Message = error });
    }

    private static List<ActivityField> Fields(JsonElement message)
    {
        List<ActivityField> fields = [];
        if (message.TryGetProperty("fields", out JsonElement array))
        {
            foreach (JsonElement field in array.EnumerateArray())
            {
                fields.Add(field.ValueKind == JsonValueKind.String ? field.GetString()! : field.GetUInt64());
            }
        }

        return fields;
    }
}
