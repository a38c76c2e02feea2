// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using AcctExporter.Kernel;

namespace AcctExporter.Web;

/// <summary>What became of a name and a password.</summary>
internal enum PasswordVerdict
{
    /// <summary>They are those of a user.</summary>
    Right,

    /// <summary>They are not.</summary>
    Wrong,

    /// <summary>Too many others are being checked.</summary>
    Busy,
}

/// <summary>
/// Checks passwords against bcrypt hashes, each of which takes a tenth of a second of CPU time or more: one at a
/// time, on a thread that lets all else go first. Whoever floods it with wrong passwords gets what that thread can
/// spare, and is
/// told to come again. What was found is remembered under a keyed digest, so that a server that scrapes costs one check
/// in all. Nothing of it tells who is a user: a name that is nobody's takes as long as one that is somebody's.
/// </summary>
/// <param name="libraryNames">Names of the system's library: <see cref="PasswordLibrary.Names"/>.</param>
internal sealed class PasswordCheck(string[] libraryNames) : IDisposable
{
    /// <summary>Checks that wait at most.</summary>
    public const int MostWaiting = 16;

    /// <summary>Those of them that one address may have: a flood from one place leaves room for others.</summary>
    public const int MostOfOneAddress = 4;

    private const int MostWrongRemembered = 256;
    private const int KeyBytes = 32;

    private readonly object gate = new();
    private readonly byte[] key = RandomNumberGenerator.GetBytes(KeyBytes);
    private readonly LinkedList<Check> waiting = [];
    private readonly Dictionary<string, byte[]> right = [];
    private readonly HashSet<UInt128> wrong = [];
    private readonly Queue<UInt128> wrongByAge = new();
    private Thread? worker;
    private bool ended;

    /// <summary>Is this the password of that user?</summary>
    /// <param name="users">Names and hashes; at least one.</param>
    /// <param name="name">The name that was given.</param>
    /// <param name="password">What was given with it.</param>
    /// <param name="from">Who asks; null where that is not known.</param>
    public Task<PasswordVerdict> CheckAsync(
        IReadOnlyDictionary<string, string> users, string name, byte[] password, IPAddress? from)
    {
        var isUser = users.TryGetValue(name, out var hash);
        // A name that is nobody's is checked against somebody's hash, always the same one's, and is wrong all the same.
        hash ??= users.Values.ElementAt(SomeIndex(name, users.Count));
        var digest = DigestOf(name, hash, password);
        lock (gate)
        {
            if (right.TryGetValue(name, out var known) && isUser
                && CryptographicOperations.FixedTimeEquals(known, digest))
            {
                return Task.FromResult(PasswordVerdict.Right);
            }

            // The C library's text ends at a NUL: what stands behind it would not count.
            if (wrong.Contains(Shortened(digest)) || password.Contains((byte)0))
            {
                return Task.FromResult(PasswordVerdict.Wrong);
            }

            if (ended || waiting.Count >= MostWaiting
                || waiting.Count(check => Equals(check.From, from)) >= MostOfOneAddress)
            {
                return Task.FromResult(PasswordVerdict.Busy);
            }

            var added = new Check(isUser ? name : null, hash, password, digest, from, users.Count);
            waiting.AddLast(added);
            if (worker is null)
            {
                worker = new Thread(Run) { Name = "passwords", IsBackground = true };
                worker.Start();
            }

            Monitor.Pulse(gate);
            return added.Verdict.Task;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (gate)
        {
            ended = true;
            Monitor.Pulse(gate);
        }
    }

    private void Run()
    {
        ThreadNiceness.Lower();
        PasswordLibrary? library = null;
        try
        {
            while (Next() is { } check)
            {
                // The file was read, so the library was there; should it be gone, nobody's password is right.
                var isRight = (library is not null || PasswordLibrary.TryOpen(libraryNames, out library, out _))
                    && CryptographicOperations.FixedTimeEquals(
                        library.Hash(check.Password, check.Hash), Encoding.ASCII.GetBytes(check.Hash));
                Settle(check, isRight && check.User is not null);
            }
        }
        finally
        {
            library?.Dispose();
        }
    }

    private Check? Next()
    {
        lock (gate)
        {
            while (waiting.First is null && !ended)
            {
                Monitor.Wait(gate);
            }

            if (!ended)
            {
                return waiting.First!.Value;
            }

            foreach (var check in waiting)
            {
                check.Verdict.SetResult(PasswordVerdict.Busy);
            }

            waiting.Clear();
            return null;
        }
    }

    private void Settle(Check check, bool isRight)
    {
        lock (gate)
        {
            waiting.RemoveFirst();
            if (isRight)
            {
                // Names that are users no longer do not add up.
                if (right.Count > check.Users)
                {
                    right.Clear();
                }

                right[check.User!] = check.Digest;
            }
            else if (wrong.Add(Shortened(check.Digest)))
            {
                wrongByAge.Enqueue(Shortened(check.Digest));
                if (wrongByAge.Count > MostWrongRemembered)
                {
                    wrong.Remove(wrongByAge.Dequeue());
                }
            }
        }

        check.Verdict.SetResult(isRight ? PasswordVerdict.Right : PasswordVerdict.Wrong);
    }

    private int SomeIndex(string name, int count) => (int)(BinaryPrimitives.ReadUInt32LittleEndian(
        HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(name))) % (uint)count);

    private byte[] DigestOf(string name, string hash, byte[] password)
    {
        using var digest = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        var bytes = Encoding.UTF8.GetBytes(name);
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        // All hashes are equally long, so no two triples are the same bytes.
        digest.AppendData(Encoding.ASCII.GetBytes(hash));
        digest.AppendData(length);
        digest.AppendData(bytes);
        digest.AppendData(password);
        return digest.GetHashAndReset();
    }

    private static UInt128 Shortened(byte[] digest) => BinaryPrimitives.ReadUInt128LittleEndian(digest);

    /// <summary>One password to check.</summary>
    private sealed record Check(
        string? User, string Hash, byte[] Password, byte[] Digest, IPAddress? From, int Users)
    {
        public TaskCompletionSource<PasswordVerdict> Verdict { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
