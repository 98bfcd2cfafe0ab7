using System.Reflection;
using System.Runtime.CompilerServices;
using Reqnroll;

namespace Tidal.ReqnrollStandIn.Bindings;

/// <summary>The step definitions, hooks and transformations of the binding classes, checked as Reqnroll checks them.</summary>
internal sealed class BindingRegistry
{
    private static readonly Type[] BuiltIn =
    [
        typeof(bool), typeof(byte), typeof(char), typeof(DateTime), typeof(decimal), typeof(double), typeof(float), typeof(short), typeof(int),
        typeof(long), typeof(object), typeof(string), typeof(Guid),
    ];

    private static readonly Type[] StaticHooks =
        [typeof(BeforeTestRunAttribute), typeof(AfterTestRunAttribute), typeof(BeforeFeatureAttribute), typeof(AfterFeatureAttribute)];

    private readonly ParameterTypes _parameterTypes = new();
    private readonly List<Transformation> _transformations = [];
    private readonly List<StepDefinition> _steps = [];
    private readonly List<Hook> _hooks = [];

    /// <summary>Reads the classes that carry <see cref="BindingAttribute"/>.</summary>
    /// <exception cref="BindingException">A binding is not valid.</exception>
    public BindingRegistry(IEnumerable<Type> types)
    {
        var methods = types.Where(IsBinding).SelectMany(type => type.GetMethods(
            BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static)).ToList();
        methods.ForEach(AddTransformations);
        _transformations = [.. _transformations.OrderBy(transformation => transformation.Order)];
        _transformations.ForEach(_parameterTypes.Add);
        methods.ForEach(AddSteps);
        methods.ForEach(AddHooks);
    }

    public IReadOnlyList<Transformation> Transformations => _transformations;

    public IReadOnlyList<StepDefinition> Steps => _steps;

    /// <summary>The hooks of a kind that fit the tags, in their order; a method is called once, however often it is marked.</summary>
    public IEnumerable<Hook> Hooks<TKind>(IReadOnlyCollection<string> tags) where TKind : HookAttribute =>
        _hooks.Where(hook => hook.Kind == typeof(TKind) && hook.AppliesTo(tags)).DistinctBy(hook => hook.Method).OrderBy(hook => hook.Order);

    private static bool IsBinding(Type type)
    {
        if (type.GetCustomAttribute<BindingAttribute>() is null)
            return false;
        if (type.IsGenericTypeDefinition || (type.IsAbstract && !type.IsSealed))
            throw new BindingException($"A binding class is neither generic nor abstract: {type.FullName}");
        return true;
    }

    private void AddTransformations(MethodInfo method)
    {
        foreach (var attribute in method.GetCustomAttributes<StepArgumentTransformationAttribute>())
        {
            var regex = attribute.Regex is null ? null : CucumberExpression.Whole(attribute.Regex);
            var order = attribute.Order == 0 ? StepArgumentTransformationAttribute.DefaultOrder : attribute.Order;
            var transformation = new Transformation(method, attribute.Name, regex, order);
            CheckMethod(transformation);
            Refuse(BuiltIn.Contains(transformation.ReturnType), transformation,
                "a transformation makes a type of its own; one that makes a built-in type changes how every such argument is read");
            Refuse(transformation.Parameters.Length == 0 || transformation.Parameters.Length != (regex?.GetGroupNumbers().Length - 1 ?? 1), transformation,
                "a transformation takes as many arguments as its regular expression has groups, and one if there is no expression");
            _transformations.Add(transformation);
        }
    }

    private void AddSteps(MethodInfo method)
    {
        foreach (var attribute in method.GetCustomAttributes<StepDefinitionBaseAttribute>())
        {
            var regex = CucumberExpression.ToRegex(attribute.Expression, _parameterTypes.PatternOf);
            foreach (var type in attribute.Types)
                _steps.Add(new StepDefinition(method, type, attribute.Expression, regex));
            CheckMethod(_steps[^1]);
        }
    }

    private void AddHooks(MethodInfo method)
    {
        foreach (var attribute in method.GetCustomAttributes<HookAttribute>())
        {
            var hook = new Hook(method, attribute.GetType(), attribute.Order, [.. attribute.Tags.Select(tag => tag.TrimStart('@'))]);
            CheckMethod(hook);
            Refuse(StaticHooks.Contains(hook.Kind) && !method.IsStatic, hook, "hooks of the test run and of features are static");
            Refuse(hook.Tags.Any(tag => tag.Length == 0 || tag.Any(sign => " ()".Contains(sign))), hook, "tag expressions are not known, only tags");
            _hooks.Add(hook);
        }
    }

    private static void CheckMethod(BindingMethod binding)
    {
        var isAsync = binding.Method.GetCustomAttribute<AsyncStateMachineAttribute>() is not null;
        Refuse(isAsync && binding.Method.ReturnType == typeof(void), binding, "async void is not supported, use async Task");
        Refuse(binding.Method.ReturnType.IsGenericType && binding.Method.ReturnType.GetGenericTypeDefinition() == typeof(ValueTask<>), binding,
            "ValueTask<T> is not known here, use Task<T>");
        Refuse(binding.Method.IsGenericMethod || binding.Parameters.Any(type => type.IsByRef), binding, "generic methods and ref parameters are not known");
    }

    private static void Refuse(bool wrong, BindingMethod binding, string why)
    {
        if (wrong)
            throw new BindingException($"{binding.FullName}: {why}.");
    }
}
