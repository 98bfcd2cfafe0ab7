using System.Globalization;
using Tidal.LivingDocumentation.Records;

namespace Tidal.LivingDocumentation;

/// <summary>The pictures of a scenario as files of their own, for whoever takes attachments.</summary>
internal static class PictureFiles
{
    /// <summary>Writes the pictures among what is shown; their folder is made if it is missing.</summary>
    public static IReadOnlyList<string> Write(IEnumerable<Records.Evidence> evidence, string folder, string name)
    {
        List<string> files = [];
        foreach (var picture in evidence.OfType<Picture>())
        {
            Directory.CreateDirectory(folder);
            files.Add(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{name}-{files.Count + 1}-{picture.Kind}.svg")));
            File.WriteAllText(files[^1], PictureStyle.Standalone(picture.Svg));
        }
        return files;
    }
}
