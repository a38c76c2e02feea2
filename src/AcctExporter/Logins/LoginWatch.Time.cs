// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Logins;

/// <content>Connect time goes on as time passes, whatever the clock is set to.</content>
internal sealed partial class LoginWatch
{
    private void LookAtClock()
    {
        times.Look();
        if (times.Step is { IsAny: true } step)
        {
            LoginLog.ClockSet(log, step.Seconds);
            book.MoveClock(step);
            processes?.Forget();
            hasNews = true;
        }
    }

    private void Credit(long now, bool isWanted)
    {
        var elapsed = clock.GetElapsedTime(creditedAt);
        if (elapsed >= IdleCredit || (isWanted && elapsed >= TimeSpan.FromSeconds(1)) || snapshot is null || stopping)
        {
            creditedAt = clock.GetTimestamp();
            book.BeginNotBefore(times.BootedAt);
            CreditAll(now);
        }
    }

    /// <summary>Up to what is known: while the source cannot be read, a logout would not be seen.</summary>
    private void CreditAll(long now)
    {
        if (sessions is { Up: true } && book.HasOpenSessions)
        {
            book.CreditUntil(now);
            hasNews = true;
        }
    }
}
