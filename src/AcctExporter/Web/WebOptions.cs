// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Web;

/// <summary>Where the agent answers, and how many scrapes at a time.</summary>
internal sealed record WebOptions
{
    /// <summary>Where to listen when nothing is said: every address of the host.</summary>
    public const string DefaultListenAddress = ":9810";

    /// <summary>As many as other exporters allow.</summary>
    public const int DefaultMaxScrapes = 40;

    /// <summary>One or more addresses; see <see cref="ListenAddress"/>.</summary>
    public IReadOnlyList<string> ListenAddresses { get; init; } = [DefaultListenAddress];

    /// <summary>Scrapes answered at the same time, 1 or more; what is over gets 503 at once.</summary>
    public int MaxScrapes { get; init; } = DefaultMaxScrapes;

    /// <summary>Every fault, not only the first.</summary>
    public IEnumerable<string> Faults()
    {
        if (ListenAddresses.Count == 0)
        {
            yield return "no address to listen on";
        }

        var known = new HashSet<ListenAddress>();
        foreach (var text in ListenAddresses)
        {
            if (!ListenAddress.TryParse(text, out var address, out var fault))
            {
                yield return fault;
            }
            else if (address.Port > 0 && !known.Add(address))
            {
                yield return $"'{text}' is given twice";
            }
        }

        if (MaxScrapes < 1)
        {
            yield return $"{MaxScrapes} scrapes at a time are not enough: 1 or more";
        }
    }
}
