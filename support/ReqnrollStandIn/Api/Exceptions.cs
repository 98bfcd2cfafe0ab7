namespace Reqnroll;

/// <summary>What the runtime itself has to say.</summary>
public class ReqnrollException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Steps, hooks and features that do not fit together.</summary>
public class BindingException(string message, Exception? inner = null) : ReqnrollException(message, inner);

/// <summary>Thrown by a step that is not written yet: its scenario fails.</summary>
public class PendingStepException(string message) : ReqnrollException(message)
{
    /// <summary>Without more to say.</summary>
    public PendingStepException()
        : this("One or more step definitions are not implemented yet.")
    {
    }
}

/// <summary>A step without a definition.</summary>
public class MissingStepDefinitionException(string message) : ReqnrollException(message);
