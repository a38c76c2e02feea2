// SPDX-License-Identifier: Apache-2.0
using System.Text;
using AcctExporter.Kernel;

namespace AcctExporter.Tests.Kernel;

/// <summary>bcrypt by the system's library, against known hashes of other makers.</summary>
public sealed class PasswordLibraryTests : IDisposable
{
    private readonly PasswordLibrary library = Open();

    public void Dispose() => library.Dispose();

    /// <summary>The first three are of Openwall's own test of crypt_blowfish, the last of Go's bcrypt.</summary>
    [Theory]
    [InlineData("U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")]
    [InlineData("U*U*", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK")]
    [InlineData("", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy")]
    [InlineData("fakepassword", "$2y$10$QOauhQNbBCuQDKes6eFzPeMqBSjb7Mr5DUmpZ/VcEd00UAV/LDeSi")]
    public void KnownHashes_AreMade(string password, string hash)
    {
        Assert.True(library.Knows(hash));
        Assert.Equal(hash, Encoding.ASCII.GetString(library.Hash(Encoding.UTF8.GetBytes(password), hash)));
        Assert.NotEqual(hash, Encoding.ASCII.GetString(library.Hash("other"u8, hash)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("*0")]
    [InlineData("$2y$")]
    [InlineData("$2y$99$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")]
    [InlineData("$2y$05$!CCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")]
    public void WhatIsNoHash_GivesNone(string hash)
    {
        Assert.Empty(library.Hash("x"u8, hash));
    }

    /// <summary>Which methods it has, not whether a whole hash is right.</summary>
    [Theory]
    [InlineData("", false)]
    [InlineData("*0", false)]
    [InlineData("$9z$05$CCCCCCCCCCCCCCCCCCCCC.", false)]
    [InlineData("$2b$05$CCCCCCCCCCCCCCCCCCCCC.", true)]
    public void MethodsThatItLacks_AreKnown(string hash, bool known) => Assert.Equal(known, library.Knows(hash));

    [Fact]
    public void WithoutTheLibrary_TheFaultSaysWhatToInstall()
    {
        Assert.False(PasswordLibrary.TryOpen(["libnosuch.so.1", "libnosuch.so.2"], out _, out var fault));
        Assert.Equal("the system's library of password hashes is not here (libnosuch.so.1 or libnosuch.so.2): install "
            + "it (apt-get install libcrypt1, dnf install libxcrypt)", fault);
    }

    [Fact]
    public void ALibraryOfAnotherKind_IsNoneOfHashes() =>
        Assert.False(PasswordLibrary.TryOpen(["libm.so.6"], out _, out _));

    private static PasswordLibrary Open()
    {
        Assert.True(PasswordLibrary.TryOpen(PasswordLibrary.Names, out var library, out var fault), fault);
        return library;
    }
}
