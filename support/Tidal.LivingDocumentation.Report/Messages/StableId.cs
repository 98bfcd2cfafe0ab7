using System.Security.Cryptography;
using System.Text;

namespace Tidal.LivingDocumentation.Report.Messages;

/// <summary>Ids that are the same for the same thing in every run, and different for different things. Stateless.</summary>
internal static class StableId
{
    /// <summary>The id of what the parts name together, the whole before its part.</summary>
    public static string Of(params ReadOnlySpan<string> parts)
    {
        var named = new StringBuilder();
        foreach (var part in parts)
        {
            // With its length, so that no two lists of parts run together into the same text.
            named.Append(part.Length).Append(':').Append(part);
        }
        return new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(named.ToString())).AsSpan(0, 16)).ToString();
    }
}
