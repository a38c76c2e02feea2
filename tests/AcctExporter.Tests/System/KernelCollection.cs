// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Tests.RealSystem;

/// <summary>There is one kernel: what is tested on it is tested one at a time.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public static class KernelCollection
{
    public const string Name = "kernel";
}
