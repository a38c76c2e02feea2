// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace AcctExporter.Kernel;

/// <summary>
/// The system's own library of password hashes (crypt(3) of libxcrypt), which knows bcrypt. An agent without users
/// needs none. For one thread at a time.
/// </summary>
internal sealed unsafe class PasswordLibrary : IDisposable
{
    /// <summary>Debian's name of it, and that of Fedora, which has no old programs to care for.</summary>
    public static readonly string[] Names = ["libcrypt.so.1", "libcrypt.so.2"];

    /// <summary>
    /// Larger than <c>struct crypt_data</c> has ever been: 32 KiB in libxcrypt, 128 KiB in old C libraries.
    /// </summary>
    private const int ScratchBytes = 256 * 1024;

    private const int SaltIsInvalid = 1;
    private const int MethodIsDisabled = 2;
    private const int LongestHash = 384;

    private readonly nint library;
    private readonly delegate* unmanaged<byte*, byte*, byte*, byte*> crypt;
    private readonly delegate* unmanaged<byte*, int> checkSalt;
    private readonly byte* scratch;
    private bool disposed;

    private PasswordLibrary(nint library, nint crypt, nint checkSalt)
    {
        this.library = library;
        this.crypt = (delegate* unmanaged<byte*, byte*, byte*, byte*>)crypt;
        this.checkSalt = (delegate* unmanaged<byte*, int>)checkSalt;
        scratch = (byte*)NativeMemory.AllocZeroed(ScratchBytes);
    }

    /// <summary>Opens it; <paramref name="fault"/> says what to install when it is not there.</summary>
    /// <param name="names">Names of it, the first that is there wins.</param>
    public static bool TryOpen(
        string[] names, [NotNullWhen(true)] out PasswordLibrary? opened, [NotNullWhen(false)] out string? fault)
    {
        foreach (var name in names)
        {
            // The system's, from where the system keeps its libraries.
            if (NativeLibrary.TryLoad(
                name, typeof(PasswordLibrary).Assembly, DllImportSearchPath.System32, out var handle))
            {
                if (NativeLibrary.TryGetExport(handle, "crypt_r", out var crypt))
                {
                    NativeLibrary.TryGetExport(handle, "crypt_checksalt", out var checkSalt);
                    opened = new PasswordLibrary(handle, crypt, checkSalt);
                    fault = null;
                    return true;
                }

                NativeLibrary.Free(handle);
            }
        }

        opened = null;
        fault = $"the system's library of password hashes is not here ({string.Join(" or ", names)}): install it "
            + "(apt-get install libcrypt1, dnf install libxcrypt)";
        return false;
    }

    /// <summary>False when the library does not compute hashes of this form: it may be switched off.</summary>
    public bool Knows(string hash)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        fixed (byte* text = CString.Of(hash))
        {
            return checkSalt is null || checkSalt(text) is not (SaltIsInvalid or MethodIsDisabled);
        }
    }

    /// <summary>
    /// The hash of a password with the method, cost and salt of another hash; empty when there is none.
    /// </summary>
    /// <param name="password">Without a NUL, which would end it.</param>
    /// <param name="hash">A whole hash, or its beginning up to the salt.</param>
    public byte[] Hash(ReadOnlySpan<byte> password, string hash)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        var phrase = new byte[password.Length + 1];
        password.CopyTo(phrase);
        fixed (byte* setting = CString.Of(hash))
        fixed (byte* text = phrase)
        {
            var made = crypt(text, setting, scratch);
            var bytes = made is null ? default : MemoryMarshal.CreateReadOnlySpanFromNullTerminated(made);
            // A failure is "*0" or "*1", which no hash begins with.
            var result = bytes.IsEmpty || bytes[0] == '*' || bytes.Length > LongestHash ? [] : bytes.ToArray();
            NativeMemory.Clear(scratch, ScratchBytes);
            Array.Clear(phrase);
            return result;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!disposed)
        {
            disposed = true;
            NativeMemory.Free(scratch);
            NativeLibrary.Free(library);
        }
    }
}
