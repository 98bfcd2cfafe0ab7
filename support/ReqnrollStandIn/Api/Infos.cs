using System.Collections.Specialized;
using System.Globalization;

namespace Reqnroll;

/// <summary>A feature as its file states it.</summary>
public class FeatureInfo
{
    internal FeatureInfo(string folderPath, string title, string? description, string[] tags) =>
        (FolderPath, Title, Description, Tags) = (folderPath, title, description, tags);

    /// <summary>The feature's own tags, without the at sign.</summary>
    public string[] Tags { get; }

    /// <summary>The folder below the project, with slashes; empty at its root.</summary>
    public string FolderPath { get; }

    /// <summary>The text after <c>Feature:</c>.</summary>
    public string Title { get; }

    /// <summary>The prose below the title, as it is indented there.</summary>
    public string? Description { get; }

    /// <summary>The culture by which arguments are read.</summary>
    public CultureInfo Language { get; } = Tidal.ReqnrollStandIn.Features.Feature.Culture;
}

/// <summary>The rule that a scenario stands under.</summary>
public class RuleInfo
{
    internal RuleInfo(string title, string? description, string[] tags) => (Title, Description, Tags) = (title, description, tags);

    /// <summary>The rule's own tags, without the at sign.</summary>
    public string[] Tags { get; }

    /// <summary>The text after <c>Rule:</c>.</summary>
    public string Title { get; }

    /// <summary>The prose below the title.</summary>
    public string? Description { get; }
}

/// <summary>A scenario, or one row of an outline.</summary>
public class ScenarioInfo
{
    internal ScenarioInfo(string title, string? description, string[] tags, string[] inheritedTags, IOrderedDictionary arguments)
    {
        (Title, Description, Tags, Arguments) = (title, description, tags, arguments);
        CombinedTags = [.. tags, .. inheritedTags];
    }

    /// <summary>The scenario's tags and those of its <c>Examples</c>, without the at sign.</summary>
    public string[] Tags { get; }

    /// <summary><see cref="Tags"/> and those of the feature and the rule.</summary>
    public string[] CombinedTags { get; }

    /// <summary>The outline's columns and this row's values, in their order; empty for a plain scenario.</summary>
    public IOrderedDictionary Arguments { get; }

    /// <summary>The title as written: placeholders of an outline stay.</summary>
    public string Title { get; }

    /// <summary>The prose below the title.</summary>
    public string? Description { get; }
}
