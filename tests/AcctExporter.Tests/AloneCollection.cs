// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Tests;

/// <summary>Tests that measure the process itself: they run when all others of the lane are done.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public static class AloneCollection
{
    public const string Name = "alone";
}
