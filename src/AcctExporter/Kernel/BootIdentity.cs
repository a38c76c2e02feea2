// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Kernel;

/// <summary>
/// The number that a kernel gives itself at random when it boots (random(4)): another number, another boot.
/// </summary>
internal static class BootIdentity
{
    /// <summary>Where the kernel shows it.</summary>
    public const string DefaultPath = "/proc/sys/kernel/random/boot_id";

    /// <exception cref="IOException">It cannot be read, or is not a UUID.</exception>
    public static Guid Read(string path = DefaultPath) =>
        Guid.TryParse(File.ReadAllText(path).AsSpan().Trim(), out var identity)
            ? identity
            : throw new IOException($"{path} holds no boot identity");
}
