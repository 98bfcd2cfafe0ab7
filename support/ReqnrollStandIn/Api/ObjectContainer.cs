using System.Reflection;

namespace Reqnroll.BoDi;

/// <summary>Makes and keeps the objects of a test run, a feature or a scenario. (Reqnroll's registrations by name are left out.)</summary>
public interface IObjectContainer
{
    /// <summary>Chooses the class that is made where an interface is asked for.</summary>
    void RegisterTypeAs<TType, TInterface>() where TType : class, TInterface;

    /// <summary>Puts an object in; it is disposed of with the container only when asked for.</summary>
    void RegisterInstanceAs<TInterface>(TInterface instance, bool dispose = false) where TInterface : class;

    /// <summary>Puts in what makes the object when it is first asked for.</summary>
    void RegisterFactoryAs<TInterface>(Func<IObjectContainer, TInterface> factoryDelegate);

    /// <summary>The object for a type: the one registered here or above, else one made here by its largest constructor.</summary>
    T Resolve<T>();

    /// <summary>The object for a type.</summary>
    object Resolve(Type typeToResolve);

    /// <summary>Whether a type is known here or above.</summary>
    bool IsRegistered<T>();
}

/// <summary>A type that cannot be made.</summary>
public class ObjectContainerException(string message) : Exception(message);

/// <summary>
/// The container of one level; what it does not know it asks of the level above. Thread-safe, since features that run
/// side by side share the one of the test run.
/// </summary>
internal sealed class ObjectContainer : IObjectContainer, IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly ObjectContainer? _above;
    private readonly Dictionary<Type, Func<object>> _registrations = [];
    private readonly Dictionary<Type, object> _pool = [];
    private readonly HashSet<Type> _resolved = [];
    private readonly List<object> _owned = [];
    private readonly Stack<Type> _underway = [];

    public ObjectContainer(ObjectContainer? above = null)
    {
        _above = above;
        _registrations[typeof(IObjectContainer)] = () => this;
    }

    public void RegisterTypeAs<TType, TInterface>() where TType : class, TInterface =>
        Register(typeof(TInterface), () => Pooled(typeof(TType), () => Create(typeof(TType))));

    public void RegisterInstanceAs<TInterface>(TInterface instance, bool dispose = false) where TInterface : class
    {
        if (!dispose && instance is IAsyncDisposable and not IDisposable)
            throw new NotSupportedException("Reqnroll would dispose of an object that is only IAsyncDisposable: register it with dispose: true.");
        Register(typeof(TInterface), () => instance);
        lock (_lock)
        {
            _pool[instance.GetType()] = instance;
            if (dispose)
                _owned.Add(instance);
        }
    }

    public void RegisterFactoryAs<TInterface>(Func<IObjectContainer, TInterface> factoryDelegate) =>
        Register(typeof(TInterface), () => Pooled(typeof(TInterface), () => factoryDelegate(this)!));

    public T Resolve<T>() => (T)Resolve(typeof(T));

    public object Resolve(Type typeToResolve)
    {
        if (typeToResolve.IsValueType || typeToResolve == typeof(string))
            throw Unresolvable("Primitive types or structs cannot be resolved", typeToResolve);
        lock (_lock)
        {
            var resolved = OwnerOf(typeToResolve).ResolveHere(typeToResolve);
            _resolved.Add(typeToResolve);
            return resolved;
        }
    }

    public bool IsRegistered<T>() => Knows(typeof(T)) || (_above?.IsRegistered<T>() ?? false);

    /// <summary>Disposes of what was made here, oldest first, as Reqnroll does.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var owned in _owned)
        {
            if (owned is IAsyncDisposable asynchronous)
                await asynchronous.DisposeAsync();
            else
                (owned as IDisposable)?.Dispose();
        }
        _owned.Clear();
    }

    // A type that nobody registered belongs to the level that was asked first: levels below then find it there.
    private ObjectContainer OwnerOf(Type type)
    {
        var owner = this;
        while (owner is not null && !owner.Knows(type))
            owner = owner._above;
        if (owner is null)
            _registrations[type] = () => Pooled(type, () => Create(type));
        return owner ?? this;
    }

    private bool Knows(Type type)
    {
        lock (_lock)
            return _registrations.ContainsKey(type);
    }

    private void Register(Type type, Func<object> registration)
    {
        lock (_lock)
        {
            if (_resolved.Contains(type))
                throw new ObjectContainerException($"An object has already been resolved for the interface \"{type.FullName}\".");
            _registrations[type] = registration;
        }
    }

    private object ResolveHere(Type type)
    {
        lock (_lock)
            return _registrations[type]();
    }

    private object Pooled(Type type, Func<object> create)
    {
        if (_pool.TryGetValue(type, out var known))
            return known;
        var made = create();
        _owned.Add(made);
        return _pool[type] = made;
    }

    private object Create(Type type)
    {
        if (type.IsInterface || type.IsAbstract)
            throw Unresolvable("Interface cannot be resolved", type);
        if (_underway.Contains(type))
            throw Unresolvable("Circular dependency found", type);
        _underway.Push(type);
        try
        {
            var constructor = LargestConstructor(type);
            var arguments = constructor.GetParameters().Select(parameter => Resolve(parameter.ParameterType)).ToArray();
            return constructor.Invoke(BindingFlags.DoNotWrapExceptions, null, arguments, null);
        }
        finally
        {
            _underway.Pop();
        }
    }

    private ConstructorInfo LargestConstructor(Type type)
    {
        var constructors = type.GetConstructors();
        if (constructors.Length == 0)
            constructors = type.GetConstructors(BindingFlags.NonPublic | BindingFlags.Instance);
        var largest = constructors.GroupBy(constructor => constructor.GetParameters().Length).MaxBy(group => group.Key)!.ToArray();
        return largest.Length == 1
            ? largest[0]
            : throw Unresolvable("Multiple public constructors with same maximum parameter count are not supported", type);
    }

    private ObjectContainerException Unresolvable(string why, Type type)
    {
        var path = string.Concat(_underway.Reverse().Select(step => step.FullName + " -> "));
        return new ObjectContainerException($"{why}: {path}{type.FullName}");
    }
}
