using Tidal.LivingDocumentation.Records;
using Tidal.Testing.Drivers;

namespace Tidal.LivingDocumentation;

/// <summary>
/// Saves one record with what its cluster has to show. Each part is beside the scenario: what goes wrong with one is said where the scenario's
/// own output is, and takes neither the scenario nor the other parts with it. Used once.
/// </summary>
internal sealed class RecordSaver(ClusterDriver driver)
{
    private readonly List<string> _lines = [];

    public SavedRecord Save(ScenarioRecord record, Func<RunFolder> run)
    {
        record = record with
        {
            Evidence = Guarded(() => ScenarioEvidence.Of(driver), [], "The evidence of this scenario could not be taken"),
            Figures = Guarded(() => ScenarioEvidence.FiguresOf(driver), [], "The figures of this scenario could not be taken"),
        };
        var pictures = Guarded(() => Write(record, run()), [], "This scenario is not on record");
        return new SavedRecord(_lines, pictures);
    }

    private IReadOnlyList<string> Write(ScenarioRecord record, RunFolder run)
    {
        var name = run.NameFor(record.Title);
        var pictures = Guarded(() => PictureFiles.Write(record.Evidence, run.Evidence, name), [], "The pictures of this scenario could not be written");
        var path = Path.Combine(run.Records, name + ".json");
        RecordFiles.Write(path, record);
        _lines.Add(RecordFiles.Announcement + path);
        return pictures;
    }

    private T Guarded<T>(Func<T> take, T otherwise, string warning)
    {
        try
        {
            return take();
        }
        catch (Exception error)
        {
            _lines.Add($"Warning: {warning}: {error.GetType().Name}: {error.Message}");
            return otherwise;
        }
    }
}
