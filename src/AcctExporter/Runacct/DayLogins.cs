// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using AcctExporter.Logins;
using AcctExporter.Suite;

namespace AcctExporter.Runacct;

/// <summary>What a stage of the day's logins came to.</summary>
/// <param name="HasInput">There was something to work on; else what it wrote is empty.</param>
/// <param name="Warnings">What was said of faults: the work was done all the same.</param>
internal readonly record struct LoginStage(bool HasInput, int Warnings);

/// <summary>
/// Takes the login records of a day (state SETUP): what was written to the system's wtmp, or to wtmpdb, since the last
/// time, and the suite's own reasons between them. The system's files are only read.
/// </summary>
internal static class DayLogins
{
    /// <summary>
    /// Makes <c>nite/wtmp.MMDD</c> and <c>nite/carried.MMDD</c> (who was logged in when the day before ended), and
    /// moves <c>nite/logins</c>, up to where records are taken, on. What is there already is not taken again.
    /// </summary>
    /// <param name="options">Where logins are.</param>
    /// <param name="paths">The suite's files.</param>
    /// <param name="day">The day of the run.</param>
    /// <param name="cutSeconds">Its end, in seconds since 1970: what is open is charged up to here.</param>
    /// <param name="say">Takes warnings.</param>
    /// <exception cref="IOException">A file of the suite cannot be read or written.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public static LoginStage Take(
        LoginOptions options, SuitePaths paths, DateOnly day, long cutSeconds, Action<string> say)
    {
        var target = paths.OfNite("wtmp", day);
        var last = LoginCut.Load(paths.TakenLogins);
        if (last?.Day >= day && File.Exists(target))
        {
            return new(last.Source != LoginSource.Off, 0);
        }

        if (last?.Day > day)
        {
            throw new IOException(
                $"login records are taken up to {last.Day:yyyy-MM-dd}: those of {day:yyyy-MM-dd} cannot be taken any "
                + "more");
        }

        var warnings = 0;
        var stage = default(LoginStage);
        var from = Carried(paths, day, last);
        var reasons = new ReasonLog(paths).Take(day);
        SuiteFile.Put(target, file => stage = Write(Warn, file));
        return stage with { Warnings = warnings };

        void Warn(string message)
        {
            warnings++;
            say(message);
        }

        LoginStage Write(Action<string> warn, Stream file)
        {
            using var reader = new DayLoginReader(options, from, cutSeconds, warn);
            var open = from is null ? new(_ => { }) : SessionBuilder.Restore(from.Sessions, _ => { })!;
            open.BeginPeriod();
            var isNew = reader.Since is not null && reader.Source != LoginSource.Off;
            var sessions = isNew ? new(_ => { }) : open;
            var wtmp = new DayWtmp(file, sessions, reasons)
            {
                Since = isNew ? reader.Since : null, Left = isNew && from is not null ? open : null,
            };
            reader.Read(wtmp.Add);
            wtmp.End(cutSeconds);
            var state = new ArrayBufferWriter<byte>();
            sessions.Save(state);

            // The place before the records have their name: killed between them, they are taken again from the same.
            reader.Cut(day, cutSeconds, state.WrittenSpan.ToArray()).Save(paths.TakenLogins);
            return new(reader.Source != LoginSource.Off, 0);
        }
    }

    /// <summary>Where the day begins; null for the first of all.</summary>
    private static LoginCut? Carried(SuitePaths paths, DateOnly day, LoginCut? last)
    {
        var carried = paths.OfNite("carried", day);
        if (last is null || (last.Day == day && last.IsFirst))
        {
            // One of this name is a year old.
            SuiteFile.Delete(carried);
            return null;
        }

        if (last.Day < day)
        {
            SuiteFile.Put(carried, File.ReadAllBytes(paths.TakenLogins));
        }

        return LoginCut.Load(carried) ?? throw new IOException(
            $"{carried} is missing: nobody knows where the login records of the day begin; put back a copy of it");
    }
}
