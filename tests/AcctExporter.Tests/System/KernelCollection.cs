// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Tests.RealSystem;

/// <summary>Tests that want the machine for themselves: one after the other, and beside no others.</summary>
[CollectionDefinition("kernel", DisableParallelization = true)]
public sealed class KernelCollectionFixture;
