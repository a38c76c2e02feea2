// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Runtime.InteropServices;

namespace AcctExporter.Kernel;

/// <summary>
/// Names of users and groups from wherever the system keeps them (nsswitch.conf(5): files, LDAP, sssd, ...). A question
/// can take as long as a network does, so it is no question for the thread that reads accounting. Any thread may ask.
/// </summary>
internal static unsafe class UserDatabase
{
    private const int FirstBytes = 1024;

    /// <summary>A group with this many bytes of member names is still answered.</summary>
    private const int LargestBytes = 1 << 20;

    /// <summary>The name of a user, as bytes.</summary>
    /// <param name="uid">The number.</param>
    /// <param name="buffer">Where the name goes.</param>
    /// <param name="length">How long it is.</param>
    /// <param name="errno">
    /// When false: 0 if there is no such user, else why nothing is known (ERANGE: longer than <paramref
    /// name="buffer"/>).
    /// </param>
    public static bool TryGetName(uint uid, Span<byte> buffer, out int length, out int errno) =>
        TryGet(uid, &Libc.getpwuid_r, buffer, out length, out errno);

    /// <summary>The name of a group; parameters as for <see cref="TryGetName"/>.</summary>
    public static bool TryGetGroupName(uint gid, Span<byte> buffer, out int length, out int errno) =>
        TryGet(gid, &Libc.getgrgid_r, buffer, out length, out errno);

    /// <summary>The number of a user.</summary>
    /// <param name="name">The name; one with a NUL is nobody's.</param>
    /// <param name="uid">The number.</param>
    /// <param name="errno">When false: 0 if there is no such user, else why nothing is known.</param>
    public static bool TryGetUid(ReadOnlySpan<byte> name, out uint uid, out int errno) =>
        TryGetNumber(name, &Libc.getpwnam_r, out uid, out errno);

    /// <summary>The number of a group; parameters as for <see cref="TryGetUid"/>.</summary>
    public static bool TryGetGid(ReadOnlySpan<byte> name, out uint gid, out int errno) =>
        TryGetNumber(name, &Libc.getgrnam_r, out gid, out errno);

    /// <summary>The number of a user's primary group.</summary>
    /// <param name="uid">The user's number.</param>
    /// <param name="gid">The group's.</param>
    /// <param name="errno">When false: 0 if there is no such user, else why nothing is known.</param>
    public static bool TryGetPrimaryGroup(uint uid, out uint gid, out int errno)
    {
        gid = 0;
        var entry = stackalloc byte*[8];
        for (var size = FirstBytes; ; size *= 2)
        {
            var rented = ArrayPool<byte>.Shared.Rent(size);
            try
            {
                void* found = null;
                fixed (byte* bytes = rented)
                {
                    do
                    {
                        errno = Libc.getpwuid_r(uid, entry, bytes, (nuint)rented.Length, &found);
                    }
                    while (errno == Errno.EINTR);
                }

                if (errno == Errno.ERANGE && size < LargestBytes)
                {
                    continue;
                }

                errno = errno == Errno.ESRCH ? 0 : errno;
                // struct passwd: the pointers to name and password, then the user's number, then the group's.
                gid = errno == 0 && found is not null ? ((uint*)(entry + 2))[1] : 0;
                return errno == 0 && found is not null;
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(rented);
            }
        }
    }

    private static bool TryGetNumber(
        ReadOnlySpan<byte> name, delegate*<byte*, void*, byte*, nuint, void**, int> ask, out uint number,
        out int errno)
    {
        (number, errno) = (0, 0);
        if (name.IsEmpty || name.Contains((byte)0))
        {
            return false;
        }

        byte[] asked = [.. name, 0];
        for (var size = FirstBytes; ; size *= 2)
        {
            var rented = ArrayPool<byte>.Shared.Rent(size);
            try
            {
                fixed (byte* text = asked, bytes = rented)
                {
                    var found = TryAsk(text, ask, bytes, rented.Length, out number, out errno);
                    if (errno != Errno.ERANGE || size >= LargestBytes)
                    {
                        return found;
                    }
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(rented);
            }
        }
    }

    private static bool TryAsk(
        byte* name, delegate*<byte*, void*, byte*, nuint, void**, int> ask, byte* bytes, int size, out uint number,
        out int errno)
    {
        var entry = stackalloc byte*[8];
        void* found = null;
        do
        {
            errno = ask(name, entry, bytes, (nuint)size, &found);
        }
        while (errno == Errno.EINTR);

        errno = errno == Errno.ESRCH ? 0 : errno;
        // struct passwd and struct group: the pointers to name and password, then the number.
        number = errno == 0 && found is not null ? *(uint*)(entry + 2) : 0;
        return errno == 0 && found is not null;
    }

    private static bool TryGet(
        uint number, delegate*<uint, void*, byte*, nuint, void**, int> ask, Span<byte> name,
        out int length, out int errno)
    {
        length = 0;
        for (var size = FirstBytes; ; size *= 2)
        {
            var rented = ArrayPool<byte>.Shared.Rent(size);
            try
            {
                fixed (byte* bytes = rented)
                {
                    errno = Ask(number, ask, bytes, rented.Length, name, ref length, out var retry);
                    if (!retry || size >= LargestBytes)
                    {
                        return errno == 0 && length > 0;
                    }
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(rented);
            }
        }
    }

    private static int Ask(
        uint number, delegate*<uint, void*, byte*, nuint, void**, int> ask, byte* bytes, int size,
        Span<byte> name, ref int length, out bool retry)
    {
        // struct passwd has 48 bytes, struct group 32; both begin with the pointer to the name.
        var entry = stackalloc byte*[8];
        void* found = null;
        int errno;
        do
        {
            errno = ask(number, entry, bytes, (nuint)size, &found);
        }
        while (errno == Errno.EINTR);

        retry = errno == Errno.ERANGE;
        if (errno != 0 || found is null)
        {
            // getpwuid(3) lists errors that may stand for "no such user". In glibc that is 0; ENOENT comes from a
            // service that is absent or down, and may know the user later. ESRCH is what other C libraries say.
            return errno == Errno.ESRCH ? 0 : errno;
        }

        var text = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(entry[0]);
        if (text.Length > name.Length)
        {
            return Errno.ERANGE;
        }

        text.CopyTo(name);
        length = text.Length;
        return 0;
    }
}
