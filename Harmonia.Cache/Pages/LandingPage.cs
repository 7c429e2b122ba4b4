using System.Globalization;

namespace Harmonia.Cache.Pages;

/// <summary>The page at <c>/</c>: what this server is, and the configuration that makes a client use it.</summary>
public static class LandingPage
{
    private const string Unknown = "–";

    public static byte[] Render(LandingContent content)
    {
        HtmlWriter html = PageLayout.Begin($"Nix Binary Cache - {content.Program}", PageRoot.OfDepth(0));
        html.Append($"""
            <header>
            <h1>Nix binary cache</h1>
            <p class="quiet">{content.Program} at <code>{content.Address}</code></p>
            </header>

            """);
        WriteFigures(html, content);
        WriteKeys(html, content.PublicKeys);
        WriteConfiguration(html, content.Address, string.Join(' ', content.PublicKeys), content.PublicKeys);
        WriteEndpoints(html, content);
        html.Append($"""
            <footer>Store: <code>{content.StoreDirectory}</code> · Priority: {content.Priority}</footer>

            """);
        return PageLayout.End(html);
    }

    private static void WriteFigures(HtmlWriter html, LandingContent content) => html.Append($"""
        <dl class="figures">
        <div><dt>Store paths</dt><dd>{Number(content.Paths)}</dd></div>
        <div><dt>Requests</dt><dd>{Number(content.Requests)}</dd></div>
        <div><dt>Narinfo hit rate</dt><dd>{Percent(content.HitRate)}</dd></div>
        <div><dt>Up for</dt><dd>{Duration(content.Uptime)}</dd></div>
        </dl>

        """);

    private static void WriteKeys(HtmlWriter html, IReadOnlyList<string> keys)
    {
        html.Append($"<h2>{(keys.Count > 1 ? "Public keys" : "Public key")}</h2>\n");
        if (keys.Count == 0)
            html.Append($"<p>No signing keys configured. Clients need signatures of the paths' builders, or trust of another kind.</p>\n");
        foreach (string key in keys)
            html.Append($"<pre>{key}</pre>\n");
    }

    private static void WriteConfiguration(HtmlWriter html, string address, string keys, IReadOnlyList<string> keyList)
    {
        html.Append($"<h2>Use it</h2>\n");
        if (keyList.Count == 0)
        {
            html.Append($"""
                <h3>nix.conf</h3>
                <pre>extra-substituters = {address}</pre>

                """);
            return;
        }

        html.Append($$"""
            <h3>nix.conf</h3>
            <pre>extra-substituters = {{address}}
            extra-trusted-public-keys = {{keys}}</pre>
            <h3>NixOS</h3>
            <pre>nix.settings = {
              extra-substituters = [ "{{address}}" ];
              extra-trusted-public-keys = [
                {{NixStrings(keyList)}}
              ];
            };</pre>
            <h3>flake.nix</h3>
            <pre>nixConfig = {
              extra-substituters = [ "{{address}}" ];
              extra-trusted-public-keys = [
                {{NixStrings(keyList)}}
              ];
            };</pre>
            <h3>Command line</h3>
            <pre>nix build --extra-substituters {{address}} --extra-trusted-public-keys '{{keys}}' INSTALLABLE</pre>

            """);
    }

    private static void WriteEndpoints(HtmlWriter html, LandingContent content)
    {
        html.Append($"""
            <h2>What is here</h2>
            <table>
            <tbody>
            <tr><td class="name"><a href="nix-cache-info">/nix-cache-info</a></td><td>what clients ask first</td></tr>
            <tr><td class="name">/&lt;hash&gt;.narinfo</td><td>a store path: size, references, signatures; with <code>?json</code> as JSON</td></tr>
            <tr><td class="name">/&lt;hash&gt;.ls</td><td>the files in a store path, as JSON</td></tr>
            <tr><td class="name">/nar/…</td><td>the contents of a store path</td></tr>
            <tr><td class="name">/build-trace-v2/…, /realisations/…</td><td>what a content-addressed derivation was built to</td></tr>

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

    private static string NixStrings(IReadOnlyList<string> texts) => string.Join("\n    ", texts.Select(text => $"\"{text}\""));

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
