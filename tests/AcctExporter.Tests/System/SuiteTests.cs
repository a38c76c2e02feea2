// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Tests.RealSystem;

/// <summary>The accounting suite in a real agent, on the real kernel.</summary>
[Trait("Lane", "kernel")]
[Collection(KernelCollection.Name)]
public sealed class SuiteTests : IDisposable
{
    private readonly FaultLab lab = new();

    public void Dispose() => lab.Dispose();

    [Fact]
    public void Settings_DoWhatTheySay()
    {
    }
}
