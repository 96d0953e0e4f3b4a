using System.Text;
using EdgePrune.Contracts;

namespace EdgePrune.Host;

/// <summary>
/// Splits a command line into a program and its arguments, without a shell: blanks separate; single quotes keep all
/// between them; double quotes keep all but <c>\"</c> and <c>\\</c>, which stand for a quote and a backslash.
/// </summary>
internal static class CommandLine
{
    public static IReadOnlyList<string> Split(string text)
    {
        List<string> parts = [];
        StringBuilder? part = null;
        var quote = '\0';
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (quote == '"' && c == '\\' && i + 1 < text.Length && text[i + 1] is '"' or '\\')
            {
                part!.Append(text[++i]);
            }
            else if (quote != '\0' ? c == quote : c is '"' or '\'')
            {
                quote = quote == '\0' ? c : '\0';
                part ??= new StringBuilder();
            }
            else if (quote == '\0' && char.IsWhiteSpace(c))
            {
                Finish(parts, ref part);
            }
            else
            {
                (part ??= new StringBuilder()).Append(c);
            }
        }

        Finish(parts, ref part);
        return quote == '\0'
            ? parts
            : throw new InputException(ErrorCode.InvalidOption, $"The command '{text}' opens a quote {quote} that it does not close. Close it.");
    }

    private static void Finish(List<string> parts, ref StringBuilder? part)
    {
        if (part is not null)
        {
            parts.Add(part.ToString());
            part = null;
        }
    }
}
