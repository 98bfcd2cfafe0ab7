namespace Reqnroll.Bindings
{
    /// <summary>The three kinds of steps; <c>And</c>, <c>But</c> and <c>*</c> take the kind of the step before.</summary>
    public enum StepDefinitionType
    {
        /// <summary>A state before.</summary>
        Given = 1,

        /// <summary>What happens.</summary>
        When = 2,

        /// <summary>What must hold after.</summary>
        Then = 3,
    }

    /// <summary>A step as it stands in the feature, with the placeholders of an outline filled in.</summary>
    public class StepInstance
    {
        internal StepInstance(StepDefinitionType type, string keyword, string text, string? docString, DataTable? table)
        {
            StepDefinitionType = type;
            Keyword = keyword;
            Text = text;
            MultilineTextArgument = docString;
            TableArgument = table;
        }

        /// <summary>The kind under which a definition is looked for.</summary>
        public StepDefinitionType StepDefinitionType { get; }

        /// <summary>The keyword as written, with the space after it.</summary>
        public string Keyword { get; }

        /// <summary>The text after the keyword.</summary>
        public string Text { get; }

        /// <summary>The doc string, or null.</summary>
        public string? MultilineTextArgument { get; }

        /// <summary>The table, or null.</summary>
        public Table? TableArgument { get; }
    }
}

namespace Reqnroll
{
    /// <summary>What a hook may know of the step that runs.</summary>
    public class StepInfo
    {
        internal StepInfo(Bindings.StepInstance instance) => StepInstance = instance;

        /// <summary>The definition that was found for it; there is none before that.</summary>
        public Bindings.BindingMatch BindingMatch { get; internal set; } = null!;

        /// <summary>The step as it stands in the feature.</summary>
        public Bindings.StepInstance StepInstance { get; }

        /// <summary>The kind of step.</summary>
        public Bindings.StepDefinitionType StepDefinitionType => StepInstance.StepDefinitionType;

        /// <summary>The text after the keyword.</summary>
        public string Text => StepInstance.Text;

        /// <summary>The doc string, or null.</summary>
        public string? MultilineText => StepInstance.MultilineTextArgument;

        /// <summary>The table, or null.</summary>
        public Table? Table => StepInstance.TableArgument;
    }
}
