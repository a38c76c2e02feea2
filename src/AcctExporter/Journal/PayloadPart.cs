// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Journal;

/// <summary>
/// The tags of the parts that a payload is made of. A reader skips a part that it does not know when the tag is marked
/// <see cref="Skippable"/>, and else refuses the block.
/// </summary>
internal static class PayloadPart
{
    /// <summary>The exits: raw records and pairs.</summary>
    public const byte Exits = 1;

    /// <summary>The extensions of those exits that have one.</summary>
    public const byte Extensions = 2;

    /// <summary>The decisions.</summary>
    public const byte Decisions = 3;

    /// <summary>Bit of a tag: nothing is counted wrongly by who does not know this part.</summary>
    public const byte Skippable = 0x80;
}
