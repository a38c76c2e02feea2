// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Capture;

/// <summary>
/// A reason why capture cannot start or go on, with what to do about it. Its message is shown to a person as it is.
/// </summary>
internal sealed class CaptureFault : Exception
{
    public CaptureFault(string message)
        : base(message)
    {
    }

    public CaptureFault(string message, Exception inner)
        : base(message, inner)
    {
    }

    public CaptureFault()
    {
    }
}
