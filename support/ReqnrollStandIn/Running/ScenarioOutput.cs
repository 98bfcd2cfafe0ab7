using System.Globalization;
using System.Text;
using Reqnroll;
using Reqnroll.Bindings;

namespace Tidal.ReqnrollStandIn.Running;

/// <summary>What a scenario's test prints: each step with its outcome, and what steps and hooks write.</summary>
internal sealed class ScenarioOutput : IReqnrollOutputHelper
{
    private readonly StringBuilder _text = new();

    public void WriteLine(string message)
    {
        // A step may write from another thread.
        lock (_text)
            _text.AppendLine(message);
    }

    public void WriteLine(string format, params object[] args) => WriteLine(string.Format(CultureInfo.InvariantCulture, format, args));

    public void AddAttachment(string filePath) => WriteLine($"-> attachment: {filePath}");

    /// <summary>Writes the step as it stands in the feature.</summary>
    public void Step(StepInstance step)
    {
        WriteLine(step.Keyword + step.Text);
        if (step.MultilineTextArgument is not null)
            WriteLine($"  --- multiline step argument ---{Environment.NewLine}{step.MultilineTextArgument}");
        if (step.TableArgument is not null)
            WriteLine($"  --- table step argument ---{Environment.NewLine}{step.TableArgument.ToString().TrimEnd()}");
    }

    /// <summary>Writes how the step ended.</summary>
    public void Outcome(string outcome, string detail, TimeSpan? duration = null)
    {
        var seconds = duration is null ? "" : string.Create(CultureInfo.InvariantCulture, $" ({duration.Value.TotalSeconds:F1}s)");
        WriteLine($"-> {outcome}: {detail}{seconds}");
    }

    public override string ToString()
    {
        lock (_text)
            return _text.ToString();
    }
}
