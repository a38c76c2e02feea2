// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Journal;

/// <summary>
/// What is stored cannot be used: damaged, or files that do not belong together. Its message is shown to a person as it
/// is.
/// </summary>
internal sealed class StorageFault : Exception
{
    public StorageFault(string message)
        : base(message + WayOut)
    {
    }

    public StorageFault(string message, Exception inner)
        : base(message + WayOut, inner)
    {
    }

    public StorageFault()
    {
    }

    private const string WayOut = ". Put back a good copy of its directory, or begin with empty counters: "
        + "--storage.on-damage=start-anew sets what is there aside under another name and counts from 0";
}
