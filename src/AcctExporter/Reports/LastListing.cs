// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Reports;

/// <summary>Where the lines of <c>last</c> go.</summary>
internal abstract class LastListing
{
    /// <summary>One line.</summary>
    public abstract void Show(in LoginSpan span);

    /// <summary>A file is done.</summary>
    /// <param name="file">Its path.</param>
    /// <param name="beginSeconds">When its first record is; when it was made, if it has none.</param>
    public abstract void EndFile(string file, long beginSeconds);

    /// <summary>All are done.</summary>
    public abstract void End();
}
