using System.Globalization;

namespace Harmonia.Cache.Pages;

/// <summary>The page at <c>/</c>: what this server is, and the configuration that makes a client use it.</summary>
public static class LandingPage
{
    private const string Unknown = "–";

    private static readonly string Root = PageRoot.OfDepth(0);

    public static byte[] Render(LandingContent content)
    {
        HtmlWriter html = PageLayout.Begin($"Nix Binary Cache - {content.Program}", Root);
        html.Append($"<header>\n<h1>Nix binary cache</h1>\n");
        if (content.Operator is { } name)
            html.Append($"<p>Run by {name}</p>\n");
        html.Append($"<p class=\"quiet\">{content.Program} at <code>{content.Address}</code></p>\n</header>\n");
        WriteProblem(html, content.Problem);
        WriteFigures(html, content);
        LookupForm.Write(html, Root);
        WriteKeys(html, content.PublicKeys);
        WriteConfiguration(html, content.Address, content.PublicKeys);
        WriteEndpoints(html, content);
        html.Append($"""
            <footer>Store: <code>{content.StoreDirectory}</code> · Priority: {content.Priority}</footer>

            """);
        return PageLayout.End(html);
    }

    private static void WriteProblem(HtmlWriter html, StoreProblem? problem)
    {
        if (problem is null)
            return;
        html.Append($"""
            <div class="notice" role="status">
            <p><strong>This cache can't serve paths now:</strong> {problem.What}.</p>
            <p>Clients go on to their next cache and try again later. If you run this cache: {problem.Remedy}</p>
            </div>

            """);
    }

    private static void WriteFigures(HtmlWriter html, LandingContent content) => html.Append($"""
        <dl class="figures">
        <div><dt>Store paths</dt><dd>{Number(content.Paths)}</dd></div>
        <div><dt>Requests</dt><dd>{Number(content.Requests)}</dd></div>
        <div><dt>Found when asked</dt><dd>{Percent(content.HitRate)}</dd></div>
        <div><dt>Running for</dt><dd>{Duration(content.Uptime)}</dd></div>
        </dl>

        """);

    private static void WriteKeys(HtmlWriter html, IReadOnlyList<string> keys)
    {
        html.Append($"<h2>{(keys.Count > 1 ? "Public keys" : "Public key")}</h2>\n");
        if (keys.Count == 0)
        {
            html.Append($"""
                <div class="notice">
                <p><strong>No signing keys configured.</strong> Clients accept only those paths that a key they trust has signed before.</p>
                <p>If you run this cache: make a key with <code>harmonia-cache generate-key NAME SECRET PUBLIC</code>, and name the file SECRET in <code>sign_key_paths</code>.</p>
                </div>

                """);
            return;
        }

        KeyMarkup.WriteBox(html, keys);
        html.Append($"<p class=\"quiet\">A click into a box selects all of it, ready to copy.</p>\n");
    }

    private static void WriteConfiguration(HtmlWriter html, string address, IReadOnlyList<string> keys)
    {
        html.Append($"<h2>Use it</h2>\n<h3>nix.conf</h3>\n<pre>extra-substituters = {address}");
        if (keys.Count == 0)
        {
            html.Append($"</pre>\n");
            return;
        }

        html.Append($"\nextra-trusted-public-keys = ");
        KeyMarkup.WriteList(html, keys);
        html.Append($"</pre>\n<h3>NixOS</h3>\n");
        WriteSettings(html, "nix.settings", address, keys);
        html.Append($"<h3>flake.nix</h3>\n");
        WriteSettings(html, "nixConfig", address, keys);
        html.Append($"<h3>Command line</h3>\n<pre>nix build --extra-substituters {address} ");
        KeyMarkup.WriteArgument(html, "--extra-trusted-public-keys", keys);
        html.Append($"INSTALLABLE</pre>\n");
    }

    private static void WriteSettings(HtmlWriter html, string name, string address, IReadOnlyList<string> keys)
    {
        html.Append($$"""
            <pre>{{name}} = {
              extra-substituters = [ "{{address}}" ];
              extra-trusted-public-keys = [

            """);
        foreach (string key in keys)
        {
            html.Append($"    ");
            KeyMarkup.Write(html, key, "\"");
            html.Append($"\"\n");
        }

        html.Append($$"""
              ];
            };</pre>

            """);
    }

    private static void WriteEndpoints(HtmlWriter html, LandingContent content)
    {
        html.Append($"""
            <h2>What is here</h2>
            <table class="facts">
            <tbody>
            <tr><td class="name"><a href="nix-cache-info">/nix-cache-info</a></td><td>what clients ask first</td></tr>
            <tr><td class="name">/&lt;hash&gt;.narinfo</td><td>a store path: size, references, signatures; with <code>?json</code> as JSON</td></tr>
            <tr><td class="name">/&lt;hash&gt;.ls</td><td>the files in a store path, as JSON</td></tr>
            <tr><td class="name">/nar/…</td><td>the contents of a store path</td></tr>
            <tr><td class="name">/build-trace-v2/…, /realisations/…</td><td>what a content-addressed derivation was built to</td></tr>
            <tr><td class="name">/path/&lt;hash&gt;</td><td>all about a store path, for browsers</td></tr>

            """);
        if (content.Serves)
            html.Append($"<tr><td class=\"name\">/serve/&lt;hash&gt;/</td><td>the files of a store path, for browsers</td></tr>\n");
        if (content.HasLogs)
            html.Append($"<tr><td class=\"name\">/log/&lt;hash&gt;</td><td>the log of a build, by the hash or the name of its derivation</td></tr>\n");
        if (content.HasMetrics)
            html.Append($"<tr><td class=\"name\"><a href=\"metrics\">/metrics</a></td><td>figures for Prometheus</td></tr>\n");
        html.Append($"""
            <tr><td class="name"><a href="version">/version</a></td><td>name and version</td></tr>
            <tr><td class="name"><a href="health">/health</a>, <a href="ready">/ready</a></td><td>whether this process lives, and whether it can answer</td></tr>
            </tbody>
            </table>
            <p class="quiet">&lt;hash&gt; is the 32 characters that the name of a store path begins with.</p>

            """);
    }

    private static string Number(long? number) => number?.ToString("N0", CultureInfo.InvariantCulture) ?? Unknown;

    private static string Percent(double? share) =>
        share is null ? Unknown : string.Create(CultureInfo.InvariantCulture, $"{share * 100:F1} %");

    private static string Duration(TimeSpan time) => time switch
    {
        { Days: > 0 } => $"{time.Days} d {time.Hours} h",
        { Hours: > 0 } => $"{time.Hours} h {time.Minutes} min",
        { Minutes: > 0 } => $"{time.Minutes} min",
        _ => "under a minute",
    };
}
