// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;
using AcctExporter.Records;

namespace AcctExporter.Tests.Records;

/// <summary>Names of up to 16 bytes in two numbers.</summary>
public sealed class CommandNameTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("61", "61")]
    [InlineData("3031323334353637", "3031323334353637")] // fills the first number
    [InlineData("303132333435363738", "303132333435363738")]
    [InlineData("30313233343536373839616263646566", "30313233343536373839616263646566")]
    [InlineData("3031323334353637383961626364656667", "30313233343536373839616263646566")] // 17 are cut to 16
    [InlineData("616200636465", "6162")] // the NUL ends it
    [InlineData("fffe80", "fffe80")]
    public void Bytes_ComeBack_UpToTheFirstNul(string given, string kept)
    {
        Span<byte> bytes = stackalloc byte[CommandName.Size];
        var length = CommandName.From(Convert.FromHexString(given)).CopyTo(bytes);
        Assert.Equal(kept, Convert.ToHexStringLower(bytes[..length]));
    }

    /// <summary>
    /// Against the plain way to say it, for a NUL at every place and a byte at every place behind it.
    /// </summary>
    [Fact]
    public void Padded_MeansThatOnlyNulsFollowTheFirstNul()
    {
        Span<byte> field = stackalloc byte[CommandName.Size];
        foreach (var filler in new byte[] { 0x01, 0x61, 0x7f, 0x80, 0xff })
        {
            for (var length = 0; length <= CommandName.Size; length++)
            {
                for (var dirt = 0; dirt <= CommandName.Size; dirt++)
                {
                    field.Clear();
                    field[..length].Fill(filler);
                    if (dirt < CommandName.Size)
                    {
                        field[dirt] = 0x01;
                    }

                    var numbers = MemoryMarshal.Cast<byte, ulong>(field);
                    var end = field.IndexOf((byte)0);
                    var padded = end < 0 || field[end..].IndexOfAnyExcept((byte)0) < 0;
                    Assert.Equal(padded, CommandName.IsPadded(numbers[0], numbers[1]));
                }
            }
        }
    }
}
