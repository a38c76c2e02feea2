// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Ledger;

/// <summary>
/// Names of numbers (users, groups) as living pairs bear them: while there is one, every new pair of the number gets
/// the same, whatever the system says meanwhile. So a renamed user has no second set of series.
/// </summary>
internal sealed class FrozenNames
{
    private readonly Dictionary<uint, (string Name, int Alive)> names = [];

    /// <summary>The name that living pairs bear; null without one.</summary>
    public string? Find(uint number) => names.TryGetValue(number, out var frozen) ? frozen.Name : null;

    /// <summary>A pair with this name was born.</summary>
    public void Keep(uint number, string name) =>
        names[number] = names.TryGetValue(number, out var frozen) ? (frozen.Name, frozen.Alive + 1) : (name, 1);

    /// <summary>A pair of the number is gone.</summary>
    public void Release(uint number)
    {
        var (name, alive) = names[number];
        if (alive == 1)
        {
            names.Remove(number);
        }
        else
        {
            names[number] = (name, alive - 1);
        }
    }
}
