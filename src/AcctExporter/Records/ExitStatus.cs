// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Records;

/// <summary>
/// The wait-status word of an ended process (wait(2)): the only true source of code, signal and core.
/// </summary>
/// <param name="Raw"><c>ac_exitcode</c> as the kernel wrote it.</param>
internal readonly record struct ExitStatus(uint Raw)
{
    /// <summary>The signal that ended the process, 1 to 127, or 0 when it exited by itself.</summary>
    public int Signal => (int)(Raw & 0x7f);

    /// <summary>True when the kernel says that a core was written. Only with a <see cref="Signal"/>.</summary>
    public bool DumpedCore => (Raw & 0x80) != 0 && Signal != 0;

    /// <summary>The code given to exit(2), 0 to 255; 0 for a death by signal.</summary>
    public int Code => Signal == 0 ? (int)(Raw >> 8) & 0xff : 0;

    /// <summary>Ended by itself with a code other than 0.</summary>
    public bool Failed => (Raw & 0x7f) == 0 && (Raw & 0xff00) != 0;
}
