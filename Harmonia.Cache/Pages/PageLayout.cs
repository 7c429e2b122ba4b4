namespace Harmonia.Cache.Pages;

/// <summary>The layout of all pages. They need no script and no other file but the icon, and follow the reader's colour scheme.</summary>
public static class PageLayout
{
    /// <summary>The exact bytes between the style tags: the Content-Security-Policy has their hash.</summary>
    public const string Style = """
        :root{color-scheme:light dark;--ground:#fafaf8;--card:#fff;--text:#23282d;--quiet:#636b74;--line:#e2e4e2;--link:#1d5f8a;--mark:#eef3f6;--warn:#c77700}
        @media(prefers-color-scheme:dark){:root{--ground:#16191c;--card:#1d2125;--text:#dde1e4;--quiet:#99a2aa;--line:#31373d;--link:#86bde0;--mark:#252b31;--warn:#e0a030}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--ground);color:var(--text);font:16px/1.6 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",sans-serif}
        .page{max-width:56rem;margin:0 auto;padding:2.5rem 1.25rem 3rem}
        header{margin-bottom:2rem}
        h1{font-size:1.5rem;line-height:1.35;font-weight:600;margin:0 0 .35rem;overflow-wrap:anywhere}
        h2{font-size:1.1rem;font-weight:600;margin:2.25rem 0 .6rem}
        h3{font-size:.9rem;font-weight:600;margin:1.1rem 0 .3rem;color:var(--quiet)}
        p{margin:.4rem 0}
        a{color:var(--link);text-decoration:none}
        a:hover,a:focus-visible{text-decoration:underline}
        code,pre,.name{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.875em}
        pre{margin:0;padding:.75rem 1rem;background:var(--card);border:1px solid var(--line);border-radius:.4rem;white-space:pre-wrap;overflow-wrap:anywhere;user-select:all}
        .quiet,footer{color:var(--quiet)}
        .keys,.digits{word-break:break-all}
        .key{display:inline-block;max-width:100%}
        .figures{display:grid;grid-template-columns:repeat(4,minmax(0,1fr));gap:.75rem;margin:0}
        .figures div{background:var(--card);border:1px solid var(--line);border-radius:.4rem;padding:.7rem 1rem;overflow-wrap:anywhere}
        .figures dt{color:var(--quiet);font-size:.85rem}
        .figures dd{margin:0;font-size:1.25rem;font-variant-numeric:tabular-nums}
        table{width:100%;border-collapse:separate;border-spacing:0;background:var(--card);border:1px solid var(--line);border-radius:.4rem}
        th,td{padding:.4rem 1rem;text-align:left;vertical-align:baseline;border-top:1px solid var(--line)}
        thead th{color:var(--quiet);font-size:.85rem;font-weight:600}
        tr:first-child>*{border-top:0}
        thead+tbody tr:first-child>*{border-top:1px solid var(--line)}
        tbody tr:hover{background:var(--mark)}
        td.name{overflow-wrap:anywhere}
        .mark{color:var(--quiet);font:.8rem system-ui,sans-serif;border:1px solid var(--line);border-radius:.3rem;padding:0 .35rem;display:inline-block}
        .hash{color:var(--quiet);font-weight:400;font-size:.8em}
        .trail{margin:0 0 .5rem;overflow-wrap:anywhere}
        .size{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
        td.size{color:var(--quiet);font-size:.9rem}
        .notice{margin:1rem 0;padding:.5rem 1rem;background:var(--card);border:1px solid var(--line);border-left:.3rem solid var(--warn);border-radius:.4rem}
        .lookup{margin:2rem 0}
        .lookup label{display:block;font-weight:600;margin-bottom:.4rem}
        .lookup div{display:flex;flex-wrap:wrap;gap:.5rem}
        input,button{font:inherit;color:inherit;padding:.45rem .75rem;border:1px solid var(--line);border-radius:.4rem;background:var(--card)}
        input{flex:1 1 9rem;min-width:0}
        button{flex:none;cursor:pointer;background:var(--mark)}
        .links{margin-top:1rem}
        .links a{display:inline-block;margin:.2rem 1rem .2rem 0}
        .paths{margin:0;padding:.5rem 1rem;list-style:none;background:var(--card);border:1px solid var(--line);border-radius:.4rem;overflow-wrap:anywhere}
        .facts th{width:12rem;font-weight:400;color:var(--quiet)}
        @media(max-width:40rem){.page{padding-top:1.5rem}h1{font-size:1.25rem}th,td{padding:.4rem .6rem}.figures{grid-template-columns:repeat(2,minmax(0,1fr))}
        .facts,.facts tbody,.facts tr,.facts th,.facts td{display:block;width:auto}.facts tr{border-top:1px solid var(--line);padding:.3rem 0}.facts tr:first-child{border-top:0}.facts tr>*{border-top:0!important;padding-top:.1rem;padding-bottom:.1rem}}
        footer{margin-top:2.5rem;padding-top:1rem;border-top:1px solid var(--line);font-size:.9rem}
        """;

    /// <summary>Everything before the content of the page.</summary>
    /// <param name="title">The title of its window.</param>
    /// <param name="root">Where the pages begin, seen from this one.</param>
    public static HtmlWriter Begin(string title, string root)
    {
        HtmlWriter html = new();
        html.Append($"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <link rel="icon" type="image/svg+xml" href="{root}favicon.svg">
            <title>{title}</title>
            <style>
            """);
        html.AppendStyle(Style);
        html.Append($"""
            </style>
            </head>
            <body>
            <div class="page">

            """);
        return html;
    }

    /// <summary>Adds the end, and returns the page.</summary>
    public static byte[] End(HtmlWriter html)
    {
        html.Append($"""
            </div>
            </body>
            </html>

            """);
        return html.ToUtf8();
    }
}
