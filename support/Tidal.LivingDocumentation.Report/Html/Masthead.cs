namespace Tidal.LivingDocumentation.Report.Html;

/// <summary>The bar at the top: the name, the search, light or dark. What needs a script is shown only where there is one.</summary>
internal static class Masthead
{
    public static void Write(Page page)
    {
        page.Write($"<header class=\"mast\"><a class=\"name\" href=\"#verdict\">Tidal <span>living document</span></a>\n");
        page.Write($"<search class=\"js\"><label for=\"q\" class=\"vh\">Search titles, steps, prose and tags</label><input id=\"q\" type=\"search\" placeholder=\"Search\" autocomplete=\"off\" spellcheck=\"false\" aria-describedby=\"found\"><kbd aria-hidden=\"true\">/</kbd></search>\n");
        page.Write($"<div class=\"theme js\" role=\"group\" aria-label=\"Light or dark\">");
        Button("light", "Light");
        Button("", "Auto");
        Button("dark", "Dark");
        page.Write($"</div></header>\n");

        void Button(string theme, string name) =>
            page.Write($"<button type=\"button\" data-to=\"{theme}\" aria-pressed=\"false\">{name}</button>");
    }
}
