using System.Reflection;

namespace Reqnroll.Bindings
{
    /// <summary>The definition that was found for a step.</summary>
    public class BindingMatch
    {
        internal BindingMatch(MethodInfo method) => StepBinding = new MethodStepBinding(method);

        /// <summary>The definition.</summary>
        public IStepDefinitionBinding StepBinding { get; }

        private sealed class MethodStepBinding(MethodInfo method) : IStepDefinitionBinding
        {
            public Reflection.IBindingMethod Method { get; } = new Reflection.RuntimeBindingMethod(method);
        }
    }

    /// <summary>A method that is bound to something.</summary>
    public interface IBinding
    {
        /// <summary>The method.</summary>
        Reflection.IBindingMethod Method { get; }
    }

    /// <summary>A method that is bound to steps.</summary>
    public interface IStepDefinitionBinding : IBinding;
}

namespace Reqnroll.Bindings.Reflection
{
    /// <summary>A method of a binding class.</summary>
    public interface IBindingMethod
    {
        /// <summary>The class.</summary>
        IBindingType Type { get; }

        /// <summary>The method's name.</summary>
        string Name { get; }
    }

    /// <summary>A binding class.</summary>
    public interface IBindingType
    {
        /// <summary>Its name, without its namespace.</summary>
        string Name { get; }

        /// <summary>Its name with its namespace.</summary>
        string FullName { get; }
    }

    internal sealed class RuntimeBindingMethod(MethodInfo method) : IBindingMethod, IBindingType
    {
        public IBindingType Type => this;

        public string Name => method.Name;

        string IBindingType.Name => method.DeclaringType!.Name;

        string IBindingType.FullName => method.DeclaringType!.FullName!;
    }
}
