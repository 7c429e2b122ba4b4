namespace Harmonia.Cache.Pages;

/// <summary>Keys and signatures, <c>name:base64</c>. Lines never break in a name that fits into one.</summary>
public static class KeyMarkup
{
    /// <summary>A box with one in each line. A click selects all of it.</summary>
    public static void WriteBox(HtmlWriter html, IReadOnlyList<string> keys)
    {
        html.Append($"<pre class=\"keys\">{keys[0]}");
        foreach (string key in keys.Skip(1))
            html.Append($"\n{key}");
        html.Append($"</pre>\n");
    }

    /// <summary>One in a line of other text.</summary>
    /// <param name="html">The page.</param>
    /// <param name="key">The key.</param>
    /// <param name="quote">What stands before it, and must not be left alone at the end of a line.</param>
    public static void Write(HtmlWriter html, string key, string quote = "")
    {
        int colon = key.IndexOf(':', StringComparison.Ordinal) + 1;
        html.Append($"<span class=\"key\">{quote}{key[..colon]}</span><span class=\"digits\">{key[colon..]}</span>");
    }

    /// <summary>Several in a line, with a blank between them.</summary>
    /// <param name="html">The page.</param>
    /// <param name="keys">At least one key.</param>
    /// <param name="quote">What stands before the first of them.</param>
    public static void WriteList(HtmlWriter html, IReadOnlyList<string> keys, string quote = "")
    {
        Write(html, keys[0], quote);
        foreach (string key in keys.Skip(1))
        {
            html.Append($" ");
            Write(html, key);
        }
    }

    /// <summary>An option of a command with all keys, and a blank behind it; nothing if there is no key.</summary>
    public static void WriteArgument(HtmlWriter html, string option, IReadOnlyList<string> keys)
    {
        if (keys.Count == 0)
            return;
        html.Append($"{option} ");
        WriteList(html, keys, "'");
        html.Append($"' ");
    }
}
