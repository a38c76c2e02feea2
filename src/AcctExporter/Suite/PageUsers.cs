// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace AcctExporter.Suite;

/// <summary>
/// The numbers of those who print, each asked for once in a pass. Names are whatever clients say: no more than a
/// pass's are remembered.
/// </summary>
/// <param name="uidOf">The number of a user's name; null for one without. May throw <see cref="IOException"/>.</param>
/// <param name="fails">Told why a number could not be learned.</param>
internal sealed class PageUsers(Func<byte[], uint?> uidOf, Action<string> fails)
{
    private readonly Dictionary<string, uint> numbers = [];

    /// <summary>A user's number; <see cref="QacctFile.Nobody"/> without one, or when it cannot be learned.</summary>
    public uint NumberOf(ReadOnlySpan<byte> user)
    {
        var key = Encoding.Latin1.GetString(user);
        if (numbers.TryGetValue(key, out var number))
        {
            return number;
        }

        try
        {
            number = uidOf(user.ToArray()) ?? QacctFile.Nobody;
        }
        catch (IOException error)
        {
            fails(error.Message);
            number = QacctFile.Nobody;
        }

        if (numbers.Count >= PrintBook.MostPairs)
        {
            numbers.Clear();
        }

        numbers[key] = number;
        return number;
    }

    /// <summary>A pass is over: who has which number may change before the next.</summary>
    public void Forget() => numbers.Clear();
}
