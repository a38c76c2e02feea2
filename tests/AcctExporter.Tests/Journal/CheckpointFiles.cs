// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Journal;
using AcctExporter.Kernel;

namespace AcctExporter.Tests.Journal;

/// <summary>Writes checkpoints as the agent does.</summary>
internal static class CheckpointFiles
{
    public static void Save(this Checkpoint checkpoint, string path) =>
        FileReplacement.Put(path, checkpoint.ToBytes(), ReplacementPoints.Checkpoint);
}
