// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Kernel;

/// <summary>
/// Folders that one worker of a walk has left for another. It knows when nothing is left: when each worker waits.
/// </summary>
/// <param name="workers">How many there are.</param>
internal sealed class FolderPool(int workers)
{
    private readonly object gate = new();
    private readonly List<DiskFolder> folders = [];
    private int waiting;
    private bool over;

    /// <summary>Somebody waits for work: give some.</summary>
    public bool IsHungry => Volatile.Read(ref waiting) > 0;

    /// <summary>Gives away the older half, which are nearer to the top, and so larger as a rule.</summary>
    public void Share(List<DiskFolder> own)
    {
        lock (gate)
        {
            if (folders.Count == 0)
            {
                var half = own.Count / 2;
                folders.AddRange(own[..half]);
                own.RemoveRange(0, half);
                Monitor.PulseAll(gate);
            }
        }
    }

    /// <summary>Takes half of what is there, and waits for it; false when there will be nothing any more.</summary>
    public bool TryTake(List<DiskFolder> own)
    {
        lock (gate)
        {
            waiting++;
            while (folders.Count == 0 && !over)
            {
                if (waiting == workers)
                {
                    over = true;
                    Monitor.PulseAll(gate);
                    return false;
                }

                Monitor.Wait(gate);
            }

            waiting--;
            if (over)
            {
                return false;
            }

            var half = (folders.Count + 1) / 2;
            own.AddRange(folders[..half]);
            folders.RemoveRange(0, half);
            return true;
        }
    }

    /// <summary>Ends the work of all.</summary>
    public void Stop()
    {
        lock (gate)
        {
            over = true;
            Monitor.PulseAll(gate);
        }
    }

    /// <summary>True when <see cref="Stop"/> was called, or nothing is left.</summary>
    public bool IsOver => Volatile.Read(ref over);
}
