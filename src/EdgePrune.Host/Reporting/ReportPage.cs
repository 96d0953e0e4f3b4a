namespace EdgePrune.Host;

/// <summary>One HTML page that stands alone: no script, no request, light or dark by the reader's preference.</summary>
internal static class ReportPage
{
    /// <summary>A page around some sections.</summary>
    /// <param name="title">Title of the page, not escaped yet.</param>
    /// <param name="body">The sections, as HTML.</param>
    /// <returns>The page; write it as UTF-8.</returns>
    public static string Render(string title, string body) =>
        $"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <title>EdgePrune: {HtmlText.Escape(title)}</title>
        <style>
        {ReportStyle.Css}
        </style>
        </head>
        <body>
        <main>
        {body}
        </main>
        </body>
        </html>

        """;
}
