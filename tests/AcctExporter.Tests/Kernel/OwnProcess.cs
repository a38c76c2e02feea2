// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;

namespace AcctExporter.Tests.Kernel;

/// <summary>The command line that performs one act of <see cref="StartupHook"/> in a process of its own.</summary>
internal static class OwnProcess
{
    public static string[] Command(string act, params string[] environment)
    {
        var here = AppContext.BaseDirectory;
        var tests = Path.Combine(here, "AcctExporter.Tests");
        var dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../../dotnet"));
        return
        [
            "env", $"DOTNET_STARTUP_HOOKS={tests}.dll", $"ACCT_TEST_ACT={act}", .. environment,
            dotnet, "exec", "--runtimeconfig", $"{tests}.runtimeconfig.json", "--depsfile", $"{tests}.deps.json",
            Path.Combine(here, "acct-exporter.dll"),
        ];
    }
}
