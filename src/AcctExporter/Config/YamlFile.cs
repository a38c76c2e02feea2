// SPDX-License-Identifier: Apache-2.0
using System.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace AcctExporter.Config;

/// <summary>
/// Reads the configuration file into nodes that know their place. YamlDotNet parses; its deserializer is not used, for
/// it stops at the first fault and knows no places afterwards. What a configuration does not need is refused: aliases,
/// tags, several documents, and more than <see cref="MostBytes"/>.
/// </summary>
internal static class YamlFile
{
    /// <summary>Larger than any configuration that a person wrote: 1 MiB.</summary>
    public const int MostBytes = 1 << 20;

    private const int DeepestLevel = 16;

    /// <summary>
    /// The root of the file; null when it is empty, or when <paramref name="fault"/> was told why not.
    /// </summary>
    /// <param name="path">Its path.</param>
    /// <param name="fault">Takes line and column (0 for the file as a whole), and what is wrong.</param>
    public static YamlNode? Read(string path, Action<long, long, string> fault)
    {
        try
        {
            return Parse(ReadText(path), fault);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            fault(0, 0, error switch
            {
                FileNotFoundException or DirectoryNotFoundException => "there is no such file",
                UnauthorizedAccessException when Directory.Exists(path) => "this is a directory",
                UnauthorizedAccessException => "this user may not read it",
                _ => error.Message,
            });
        }
        catch (DecoderFallbackException)
        {
            fault(0, 0, "this is no text in UTF-8");
        }
        catch (InvalidDataException error)
        {
            fault(0, 0, error.Message);
        }

        return null;
    }

    /// <summary>The same for text in memory.</summary>
    public static YamlNode? Parse(string text, Action<long, long, string> fault)
    {
        if (YamlFaults.FindControl(text) is { } control)
        {
            fault(control.Line, control.Column, control.Problem);
            return null;
        }

        var events = new Parser(new StringReader(text));
        try
        {
            events.Consume<StreamStart>();
            if (events.TryConsume<StreamEnd>(out _))
            {
                return null;
            }

            events.Consume<DocumentStart>();
            var root = ReadNode(events, fault, 0);
            events.Consume<DocumentEnd>();
            if (events.TryConsume<DocumentStart>(out var second))
            {
                fault(second.Start.Line, second.Start.Column, "a second document begins here: only one is read");
                return null;
            }

            return root;
        }
        catch (Refusal error)
        {
            fault(error.Start.Line, error.Start.Column, error.Message);
        }
        catch (YamlException error)
        {
            var (line, column, problem) = YamlFaults.Of(text, error);
            fault(line, column, problem);
        }
        catch (InvalidOperationException)
        {
            // The parser's own answer to a document that ends twice.
            fault(1, 1, "this is no YAML: a document ends (...) that has not begun");
        }

        return null;
    }

    private static string ReadText(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[MostBytes + 1];
        var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (length > MostBytes)
        {
            throw new InvalidDataException($"a configuration of more than {MostBytes} bytes is not read");
        }

        var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes, 0, length);
        return text.TrimStart('\uFEFF');
    }

    private static YamlNode ReadNode(Parser events, Action<long, long, string> fault, int level)
    {
        var at = events.Current!.Start;
        if (level > DeepestLevel)
        {
            throw new Refusal(at, $"here it is more than {DeepestLevel} levels deep, and no setting is");
        }

        if (events.TryConsume<Scalar>(out var scalar))
        {
            RefuseTag(scalar, fault);
            return ScalarOf(scalar);
        }

        if (events.TryConsume<SequenceStart>(out var sequence))
        {
            RefuseTag(sequence, fault);
            var items = new List<YamlNode>();
            while (!events.TryConsume<SequenceEnd>(out _))
            {
                items.Add(ReadNode(events, fault, level + 1));
            }

            return new YamlList(items, at.Line, at.Column);
        }

        if (events.TryConsume<MappingStart>(out var mapping))
        {
            RefuseTag(mapping, fault);
            var entries = new List<YamlEntry>();
            while (!events.TryConsume<MappingEnd>(out _))
            {
                var key = ReadNode(events, fault, level + 1);
                var value = ReadNode(events, fault, level + 1);
                if (key is YamlScalar name)
                {
                    entries.Add(new YamlEntry(name, value));
                }
                else
                {
                    fault(key.Line, key.Column, "a list or a mapping cannot be a key");
                }
            }

            return new YamlMap(entries, at.Line, at.Column);
        }

        if (events.TryConsume<AnchorAlias>(out var alias))
        {
            throw new Refusal(at, $"aliases (*{alias.Value}) are not read: write the value out");
        }

        throw new YamlException(at, at, "something is missing here");
    }

    private static YamlScalar ScalarOf(Scalar scalar)
    {
        var isEmpty = scalar is { Style: ScalarStyle.Plain, Value: "" or "~" or "null" };
        return new YamlScalar(scalar.Value, isEmpty, scalar.Start.Line, scalar.Start.Column);
    }

    private static void RefuseTag(NodeEvent node, Action<long, long, string> fault)
    {
        if (!node.Tag.IsEmpty)
        {
            var tag = node.Tag.Value.Replace("tag:yaml.org,2002:", "!!", StringComparison.Ordinal);
            fault(node.Start.Line, node.Start.Column, $"tags ({tag}) are not read: leave it out");
        }
    }

    /// <summary>YAML that is right, and that no configuration needs.</summary>
    private sealed class Refusal(Mark at, string problem) : YamlException(at, at, problem);
}
