namespace Tidal.LivingDocumentation.Tests.Model;

/// <summary>Texts that are data and look like something else.</summary>
internal static class HostileTexts
{
    /// <summary>A word that would run, close or turn something if it were not escaped.</summary>
    public const string Word = "\"><script>alert('x')</script>&amp;";

    /// <summary>A feature full of them.</summary>
    public static string Feature { get; } = $"""
        @<b>tag</b>
        Feature: {Word} </title></script><!-- is a title
          Prose with <img src=x onerror=alert(1)> in it, "quotes" and 'others'.

          A second paragraph: {'\u202E'}right to left{'\u202C'}, العربية, 日本語, 한국어, 🦀🦀.

          Rule: 1. <script>alert(2)</script>

            Scenario: {new string('W', 300)}
              Given a very long word "{new string('x', 500)}"
              Then it is shown

            Scenario: 日本語の題
              Given these items:
                | <b>item</b> | {Word.Replace("|", "")} |
                | ]]> --> | <svg onload=alert(3)> |
              Then nothing runs
                \"\"\"html
                </pre></code><script>alert(4)</script>
                \"\"\"

            Scenario: 🦀
              Given a crab
              Then it has a link

            Scenario Outline: Rows <of> what
              Given <of>
              Then "<of>" is data

              Examples: <i>Block</i>
                | of                      |
                | <script>alert(5)</script> |
                | العربية                 |
                |                         |
                | 🦀                      |

          Rule: 2. A rule without an example
        """.Replace("\\\"", "\"");
}
