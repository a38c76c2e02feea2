// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Web;

/// <summary>Counts what was refused since the start of the agent, by reason. From any thread.</summary>
internal sealed class WebRefusals
{
    private ulong certificates;
    private ulong passwords;
    private ulong busy;
    private ulong rate;

    /// <summary>Connections whose client showed no certificate that is taken.</summary>
    public ulong Certificates => Volatile.Read(ref certificates);

    /// <summary>Requests without the name and the password of a user.</summary>
    public ulong Passwords => Volatile.Read(ref passwords);

    /// <summary>Requests whose password could not be checked, for too many others waited.</summary>
    public ulong Busy => Volatile.Read(ref busy);

    /// <summary>Requests over the limit of the rate.</summary>
    public ulong Rate => Volatile.Read(ref rate);

    /// <summary>One more of each.</summary>
    public void AddCertificate() => Interlocked.Increment(ref certificates);

    /// <inheritdoc cref="AddCertificate"/>
    public void AddPassword() => Interlocked.Increment(ref passwords);

    /// <inheritdoc cref="AddCertificate"/>
    public void AddBusy() => Interlocked.Increment(ref busy);

    /// <inheritdoc cref="AddCertificate"/>
    public void AddRate() => Interlocked.Increment(ref rate);
}
