using System.Text.Json.Serialization;

namespace Tidal.LivingDocumentation.Records;

/// <summary>Something to be shown of a scenario beside its steps. All texts are plain: whoever shows them escapes them. Immutable.</summary>
/// <param name="Title">What it shows, in a few words.</param>
/// <param name="Summary">What is to be seen in it, in a sentence: for who cannot see it, and for who is in a hurry.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "is")]
[JsonDerivedType(typeof(Picture), "picture")]
[JsonDerivedType(typeof(Table), "table")]
[JsonDerivedType(typeof(PlainText), "text")]
public abstract record Evidence(string Title, string Summary);

/// <summary>
/// A drawing: an <c>svg</c> element without style, script or address of its own, drawn with the classes of
/// <see cref="PictureClasses"/>, so that the document may show it in light and dark and a standalone file can bring the style along.
/// </summary>
/// <param name="Title">What it shows, in a few words.</param>
/// <param name="Summary">What is to be seen in it, in a sentence.</param>
/// <param name="Kind">What kind of drawing: <c>timeline</c>, <c>histogram</c> or <c>coverage</c>.</param>
/// <param name="Svg">The element.</param>
/// <param name="Events">What the drawing tells, in words and in order; an element of it with <c>data-e="n"</c> is that of event n.</param>
public sealed record Picture(string Title, string Summary, string Kind, string Svg, IReadOnlyList<PictureEvent> Events) : Evidence(Title, Summary);

/// <summary>Something that a drawing shows.</summary>
/// <param name="When">The time, as it is to be read; empty if it has none.</param>
/// <param name="Where">The place; empty if it has none.</param>
/// <param name="What">What happened.</param>
public sealed record PictureEvent(string When, string Where, string What);

/// <summary>A table.</summary>
/// <param name="Title">What it shows, in a few words.</param>
/// <param name="Summary">What is to be seen in it, in a sentence.</param>
/// <param name="Header">The columns' names.</param>
/// <param name="Rows">The rows, each with as many cells as there are columns.</param>
public sealed record Table(string Title, string Summary, IReadOnlyList<string> Header, IReadOnlyList<IReadOnlyList<string>> Rows) : Evidence(Title, Summary);

/// <summary>Text that is shown line by line as it is, in one width for all letters.</summary>
/// <param name="Title">What it shows, in a few words.</param>
/// <param name="Summary">What is to be seen in it, in a sentence.</param>
/// <param name="Text">The text.</param>
public sealed record PlainText(string Title, string Summary, string Text) : Evidence(Title, Summary);

/// <summary>The classes that drawings use: the document gives each a colour in light and in dark.</summary>
public static class PictureClasses
{
    /// <summary>Text of a drawing; with <see cref="Faint"/> for axes.</summary>
    public const string Text = "t";

    /// <summary>What stands in the background: grids, axes, lanes.</summary>
    public const string Faint = "f";

    /// <summary>What is well: a lane with a primary, what was answered.</summary>
    public const string Good = "g";

    /// <summary>What is broken: a crash, what is missing, what is over its limit.</summary>
    public const string Bad = "b";

    /// <summary>What is disturbed for a time: a partition, a lossy link, a clock that lies.</summary>
    public const string Fault = "p";

    /// <summary>A promotion.</summary>
    public const string Promotion = "e";

    /// <summary>A move of a tenant.</summary>
    public const string Move = "m";

    /// <summary>Amounts: acknowledgements, counts.</summary>
    public const string Amount = "a";

    /// <summary>Delays: lag.</summary>
    public const string Delay = "d";

    /// <summary>A limit.</summary>
    public const string Limit = "l";
}
