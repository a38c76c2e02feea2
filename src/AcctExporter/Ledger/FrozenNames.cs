// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Ledger;

/// <summary>
/// Names of numbers (users, groups) as living pairs bear them: while there is one, every new pair of the number gets
/// the same, whatever the system says meanwhile. So a renamed user has no second set of series. Nor has one who was
/// born under a number because the directory was slow: all of that user's commands bear the number until the last of
/// these pairs is gone. A sum by user is then right, under a name less fair; a change in mid-flight would end series
/// and begin others, and a rate over both would miss what lies between.
/// </summary>
/// <remarks>
/// Of several numbers that share a name, only the first of each pair is known to bear it. Another of them that is
/// renamed meanwhile gets the new name.
/// </remarks>
/// <param name="nameNow">The label value that the system gives to a number now.</param>
internal sealed class FrozenNames(Func<uint, string> nameNow)
{
    private readonly Dictionary<uint, (string Name, int Alive)> names = [];
    private readonly Dictionary<string, HashSet<uint>> bearers = [];

    /// <summary>
    /// The label value of a number: what living pairs bear, else the name that it has now. A name that living pairs of
    /// others bear is shared when one of these still has it (two numbers of one name), and goes on counting when these
    /// have none any more (a user got another number). But when they were renamed, and this number took their name
    /// over, the two must not be mixed, nor may the older series change: then the number stands for the newer one.
    /// </summary>
    public string Of(uint number)
    {
        if (names.TryGetValue(number, out var frozen))
        {
            return frozen.Name;
        }

        var name = nameNow(number);
        return bearers.TryGetValue(name, out var others) && WereRenamed(others, name)
            ? LabelText.OfNumber(number) : name;
    }

    /// <summary>A pair with this name was born.</summary>
    public void Keep(uint number, string name)
    {
        if (names.TryGetValue(number, out var frozen))
        {
            names[number] = (frozen.Name, frozen.Alive + 1);
            return;
        }

        names.Add(number, (name, 1));
        if (!bearers.TryGetValue(name, out var numbers))
        {
            bearers.Add(name, numbers = []);
        }

        numbers.Add(number);
    }

    /// <summary>A pair of the number is gone.</summary>
    public void Release(uint number)
    {
        var (name, alive) = names[number];
        if (alive > 1)
        {
            names[number] = (name, alive - 1);
            return;
        }

        names.Remove(number);
        bearers[name].Remove(number);
        if (bearers[name].Count == 0)
        {
            bearers.Remove(name);
        }
    }

    private bool WereRenamed(HashSet<uint> numbers, string from)
    {
        foreach (var number in numbers)
        {
            var now = nameNow(number);
            if (now == from || now == LabelText.OfNumber(number))
            {
                return false;
            }
        }

        return true;
    }
}
