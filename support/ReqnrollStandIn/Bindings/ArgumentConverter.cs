using System.ComponentModel;
using Reqnroll;
using Reqnroll.BoDi;
using Tidal.ReqnrollStandIn.Features;

namespace Tidal.ReqnrollStandIn.Bindings;

/// <summary>Makes the arguments of steps, by a transformation where one fits, else by .NET's own conversions.</summary>
internal sealed class ArgumentConverter(IReadOnlyList<Transformation> transformations)
{
    public bool CanConvert(object value, Type type)
    {
        if (transformations.Any(transformation => transformation.Makes(type, value)) || type.IsInstanceOfType(value))
            return true;
        try
        {
            ConvertSimply(value, type);
            return true;
        }
        catch (Exception error) when (error is InvalidCastException or OverflowException or FormatException or ArgumentException)
        {
            return false;
        }
    }

    public async Task<object?> ConvertAsync(object value, Type type, IObjectContainer container)
    {
        var transformation = transformations.FirstOrDefault(candidate => candidate.Makes(type, value));
        if (transformation is null)
            return type.IsInstanceOfType(value) ? value : ConvertSimply(value, type);
        object[] inputs = transformation.Regex is not null && value is string text
            ? [.. transformation.Regex.Match(text).Groups.Cast<System.Text.RegularExpressions.Group>().Skip(1).Select(group => group.Value)]
            : [value];
        var arguments = new object?[inputs.Length];
        for (var index = 0; index < inputs.Length; index++)
            arguments[index] = await ConvertAsync(inputs[index], transformation.Parameters[index], container);
        return await transformation.InvokeAsync(container, arguments);
    }

    private static object? ConvertSimply(object value, Type type)
    {
        if (value is not string text)
            throw new InvalidCastException($"A table cannot become {type.Name} without a transformation.");
        if (type.IsEnum)
            return Enum.Parse(type, text.Replace(" ", "", StringComparison.Ordinal), ignoreCase: true);
        // Reqnroll completes and empties such values in ways of its own.
        if (type == typeof(Guid) || Nullable.GetUnderlyingType(type) is not null)
            throw new BindingException($"{type.Name} is not known as the type of a step's argument.");
        return ByTypeConverter(text, type) ?? Convert.ChangeType(text, type, Feature.Culture);
    }

    private static object? ByTypeConverter(string text, Type type)
    {
        var converter = TypeDescriptor.GetConverter(type);
        if (!converter.CanConvertFrom(typeof(string)))
            return null;
        try
        {
            return converter.ConvertFrom(null, Feature.Culture, text);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // Converters throw whatever they like; ChangeType then says what is wrong in a type that callers know.
            return null;
        }
    }
}
