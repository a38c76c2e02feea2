// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Config;

/// <summary>A piece of the configuration file, and where it begins: line and column from 1.</summary>
internal abstract record YamlNode(long Line, long Column);

/// <summary>A single value, as text: what it means is known by who asks.</summary>
/// <param name="Text">Without its quotes.</param>
/// <param name="IsEmpty">Nothing at all was written, or <c>null</c> or <c>~</c>.</param>
/// <param name="Line">Line of its beginning.</param>
/// <param name="Column">Column of its beginning.</param>
internal sealed record YamlScalar(string Text, bool IsEmpty, long Line, long Column) : YamlNode(Line, Column);

/// <summary>A list.</summary>
internal sealed record YamlList(IReadOnlyList<YamlNode> Items, long Line, long Column) : YamlNode(Line, Column);

/// <summary>A mapping, its entries in the order of the file; a key may stand there twice.</summary>
internal sealed record YamlMap(IReadOnlyList<YamlEntry> Entries, long Line, long Column) : YamlNode(Line, Column);

/// <summary>One entry of a mapping.</summary>
internal sealed record YamlEntry(YamlScalar Key, YamlNode Value);
