using System.Reflection;
using System.Text.RegularExpressions;
using Reqnroll;
using Reqnroll.Bindings;
using Reqnroll.BoDi;

namespace Tidal.ReqnrollStandIn.Bindings;

/// <summary>A method of a binding class, called on the scenario's instance of the class.</summary>
internal abstract record BindingMethod(MethodInfo Method)
{
    /// <summary>The types that it takes.</summary>
    public Type[] Parameters { get; } = [.. Method.GetParameters().Select(parameter => parameter.ParameterType)];

    /// <summary>The class and the method, as messages name it.</summary>
    public string FullName => $"{Method.DeclaringType!.FullName}.{Method.Name}({string.Join(", ", Parameters.Select(type => type.Name))})";

    /// <summary>Calls it and waits for it; the exception that it throws comes out as it is.</summary>
    public async Task<object?> InvokeAsync(IObjectContainer container, params object?[] arguments)
    {
        var instance = Method.IsStatic ? null : container.Resolve(Method.DeclaringType!);
        var returned = Method.Invoke(instance, BindingFlags.DoNotWrapExceptions, null, arguments, null);
        if (returned is ValueTask valueTask)
            await valueTask;
        if (returned is not Task task)
            return returned;
        await task;
        return Method.ReturnType.IsGenericType ? task.GetType().GetProperty("Result")!.GetValue(task) : null;
    }
}

/// <summary>A step definition under one keyword.</summary>
internal sealed record StepDefinition(MethodInfo Method, StepDefinitionType Type, string Expression, Regex Regex) : BindingMethod(Method);

/// <summary>A hook, with the tags that it is limited to (none: no limit).</summary>
internal sealed record Hook(MethodInfo Method, Type Kind, int Order, IReadOnlyList<string> Tags) : BindingMethod(Method)
{
    public bool AppliesTo(IEnumerable<string> tags) => Tags.Count == 0 || tags.Intersect(Tags).Any();
}

/// <summary>A method that makes an argument.</summary>
internal sealed record Transformation(MethodInfo Method, string? Name, Regex? Regex, int Order) : BindingMethod(Method)
{
    /// <summary>The type that it makes, what an awaited task brings included.</summary>
    public Type ReturnType { get; } =
        Method.ReturnType.IsGenericType && Method.ReturnType.GetGenericTypeDefinition() == typeof(Task<>)
            ? Method.ReturnType.GetGenericArguments()[0]
            : Method.ReturnType;

    public bool Makes(Type type, object value)
    {
        if (ReturnType != type)
            return false;
        if (Regex is not null && value is string text)
            return Regex.IsMatch(text);
        return typeof(Table).IsAssignableFrom(Parameters[0]) == value is Table;
    }
}
