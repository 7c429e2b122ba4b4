using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Harmonia.Daemon.Database;

/// <summary>Values for the parameters of a command, in the order of their numbers.</summary>
internal static class NumberedParameters
{
    /// <summary>Sets the parameters ?1, ?2 and so on. The same number of values is expected each time.</summary>
    /// <param name="command">The command, which keeps its compiled statement.</param>
    /// <param name="values">Texts and integers; null is NULL.</param>
    /// <returns>The command.</returns>
    public static SqliteCommand With(this SqliteCommand command, params ReadOnlySpan<object?> values)
    {
        for (int number = command.Parameters.Count + 1; number <= values.Length; number++)
        {
            command.Parameters.Add(new SqliteParameter { ParameterName = string.Create(CultureInfo.InvariantCulture, $"?{number}") });
        }

        for (int index = 0; index < values.Length; index++)
        {
            command.Parameters[index].Value = values[index] ?? DBNull.Value;
        }

        return command;
    }
}
