using Tidal.LivingDocumentation.Records;

namespace Tidal.LivingDocumentation.Drawing;

// The marks: what each looks like, and what many of a kind are called together.
internal sealed partial class TimelinePicture
{
    private const int MarksShown = 60;

    private readonly HashSet<MarkKind> _shown = [];

    /// <summary>A mark's class, the width of its line or 0 if it is filled, its path around 0,0, and its words.</summary>
    private static (string Style, double Line, string Path, string Words) GlyphOf(MarkKind kind) => kind switch
    {
        MarkKind.Crash => (PictureClasses.Bad, 2.5, "-4.5,-4.5l9 9m0-9l-9 9", "crash"),
        MarkKind.Return => (PictureClasses.Good, 0, "-4,-5l9 5-9 5z", "back"),
        MarkKind.Promotion => (PictureClasses.Promotion, 0, "0,-6l6 11h-12z", "new primary"),
        MarkKind.SteppedDown => (PictureClasses.Promotion, 1.5, "0,5l5-9h-10z", "primary no more"),
        MarkKind.Voter => (PictureClasses.Good, 1.5, "-3.5,0a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0", "has its vote again"),
        MarkKind.Snapshot => (PictureClasses.Amount, 0, "0,-5.5l5.5 5.5-5.5 5.5-5.5-5.5z", "snapshot taken in"),
        MarkKind.Checkpoint => (PictureClasses.Amount, 1.5, "0,-4v8", "checkpoint"),
        MarkKind.Trouble => (PictureClasses.Bad, 0, "0,-5.5l5.5 5.5-5.5 5.5-5.5-5.5z", "refused or cut off"),
        MarkKind.Erased => (PictureClasses.Move, 0, "-4,-4h8v8h-8z", "a tenant's log ended or erased"),
        MarkKind.Stall => (PictureClasses.Fault, 0, "-4,-5h3v10h-3zm5 0h3v10h-3z", "this machine stood still"),
        MarkKind.HandOver => (PictureClasses.Promotion, 1.5, "-3,-4.5l5 4.5-5 4.5", "handing over"),
        _ => (PictureClasses.Move, 0, "0,5l-5-9h10z", "an order"),
    };

    /// <summary>Many of a kind, in words.</summary>
    private static string Many(MarkKind kind, int number) => kind switch
    {
        MarkKind.Crash => $"{number} crashes",
        MarkKind.Return => $"{number} replicas are back",
        MarkKind.Promotion => $"{number} promotions",
        MarkKind.SteppedDown => $"{number} primaries step down",
        MarkKind.Voter => $"{number} replicas have their votes again",
        MarkKind.Snapshot => $"{number} snapshots are taken in",
        MarkKind.Checkpoint => $"{number} checkpoints",
        MarkKind.Trouble => $"{number} times something is refused or cut off",
        MarkKind.Erased => $"{number} times a tenant's log is ended, goes on or is erased",
        MarkKind.Stall => $"{number} times this machine stood still",
        MarkKind.HandOver => $"{number} times a primary hands over",
        _ => $"{number} orders",
    };

    /// <summary>The marks of a lane, gathered so that no more than a number is drawn on all lanes together.</summary>
    private IReadOnlyList<StoryMark[]> MarksOn(IEnumerable<StoryMark> lane) => [
        .. from kind in lane.GroupBy(mark => FamilyOf(mark.Kind))
           from near in Gathered(kind, mark => X(mark.Time), _gathering)
           orderby near[0].Time
           select near.ToArray(),
    ];

    /// <summary>A hand-over, its end and what follows from it are one thing to see: the new primary.</summary>
    private static MarkKind FamilyOf(MarkKind kind) => kind is MarkKind.HandOver or MarkKind.SteppedDown ? MarkKind.Promotion : kind;

    /// <summary>The mark that stands for those that are gathered.</summary>
    private static StoryMark FaceOf(StoryMark[] marks) => marks.LastOrDefault(mark => mark.Kind == MarkKind.Promotion) ?? marks[0];

    private double _gathering = 10;

    private void GatherMarks(IReadOnlyList<IReadOnlyList<StoryMark>> lanes)
    {
        while (lanes.Sum(lane => MarksOn(lane).Count) > MarksShown && _gathering < Width)
            _gathering *= 1.5;
    }

    private void LayMarks(IEnumerable<StoryMark> lane, double y)
    {
        var groups = MarksOn(lane);
        for (var place = 0; place < groups.Count; place++)
        {
            var (marks, next) = (groups[place], place + 1 < groups.Count ? X(groups[place + 1][0].Time) : Right);
            var face = FaceOf(marks);
            var alike = marks.Count(mark => mark.Kind == face.Kind);
            var label = alike > 1 ? $"{alike}" : face.Label;
            var hasRoom = label.Length > 0 && X(face.Time) + 10 + Svg.WidthOf(label) < next;
            _shown.Add(face.Kind);
            _book.Add(face.Time, Layer.Marks, Told(marks), number => DrawMark(face, hasRoom ? label : "", y, number));
        }
    }

    private static PictureEvent Told(StoryMark[] marks)
    {
        var where = marks.Select(mark => mark.Where).Distinct().ToList() is [var one] ? one : marks[0].Where.Split('/')[0];
        var words = string.Join("; ", marks.GroupBy(mark => mark.Kind).Select(kind => TogetherOf(kind.Key, [.. kind])));
        return new PictureEvent(EventBook.When(marks[0].Time, marks[^1].Time), where, words);
    }

    /// <summary>A few of one kind in their own words, what several replicas do said once; more than a few as a number.</summary>
    private static string TogetherOf(MarkKind kind, StoryMark[] marks)
    {
        var deeds = marks.GroupBy(DeedOf).ToList();
        return deeds.Count > 3
            ? Many(kind, marks.Length)
            : string.Join("; ", deeds.Select(deed => deed.Count() == 1 ? deed.First().What : $"{deed.Key} ({EventWords.Count(deed.Count(), "replica")})"));
    }

    // What a replica does, without which of them it is.
    private static string DeedOf(StoryMark mark)
    {
        var words = mark.What.Split(' ', 3);
        return words is ["replica", _, var deed] ? deed : mark.What;
    }

    private void DrawMark(StoryMark mark, string label, double y, int? number)
    {
        var (style, width, path, _) = GlyphOf(mark.Kind);
        Draw(style, width, Path(path, X(mark.Time), y), number);
        if (label.Length > 0)
            _svg.Text(PictureClasses.Text, X(mark.Time) + 7, y - 4, label, happened: number);
    }

    private void Draw(string style, double width, string path, int? number)
    {
        if (width > 0)
            _svg.Line(style, path, width, number);
        else
            _svg.Fill(style, path, number);
    }

    /// <summary>A glyph's path, at a place: it begins with its distance from there.</summary>
    private static string Path(string glyph, double x, double y)
    {
        var end = glyph.IndexOfAny(['l', 'h', 'v', 'a']);
        var from = glyph[..end].Split(',').Select(part => double.Parse(part, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        return $"M{Svg.N(x + from[0])} {Svg.N(y + from[1])}{glyph[end..]}";
    }
}
