namespace Harmonia.Cache.Pages;

/// <summary>The field for a hash or a store path. Its form leads to <see cref="PathSearch"/>.</summary>
public static class LookupForm
{
    public static void Write(HtmlWriter html, string root) => html.Append($"""
        <form class="lookup" action="{root}path">
        <label for="q">Look up a store path or its hash</label>
        <div><input id="q" name="q" type="text" required maxlength="1000" autocomplete="off" autocapitalize="none" spellcheck="false" placeholder="/nix/store/…"><button>Look up</button></div>
        </form>

        """);
}
