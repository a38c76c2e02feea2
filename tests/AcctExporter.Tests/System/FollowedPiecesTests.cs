// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;

namespace AcctExporter.Tests.RealSystem;

/// <summary>A followed file that grows in pieces that no kernel writes: records are torn between two looks.</summary>
[Trait("Lane", "kernel")]
[Collection(KernelCollection.Name)]
public sealed class FollowedPiecesTests : IDisposable
{
    private readonly FaultLab lab = new();

    public void Dispose() => lab.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void OddPieces_CountEveryRecordOnce(bool asNobody)
    {
        lab.Inside.Run("accton", lab.File("kernels"));
        lab.Exit(400);
        lab.Inside.Run("accton", "off");
        var bytes = File.ReadAllBytes(lab.Of("kernels"));
        bytes = bytes[..^AcctRecord.Size];

        var pacct = lab.File("pacct");
        var agent = asNobody ? lab.FollowAsNobody(pacct) : lab.Follow(pacct);
        var sizes = new Random(7);
        using (var file = new FileStream(pacct, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, 1))
        {
            for (var at = 0; at < bytes.Length;)
            {
                var size = Math.Min(sizes.Next(1, 700), bytes.Length - at);
                file.Write(bytes, at, size);
                at += size;
                var whole = at / AcctRecord.Size;
                if (sizes.Next(4) == 0)
                {
                    Assert.InRange(agent.Exits(), 0, whole);
                }
            }
        }

        // 400, and accton itself.
        agent.HasCounted(401);
        Assert.Equal(0, agent.Scrape().Sum("acct_exporter_records_rejected_total"));
        agent.Kill();
        File.AppendAllBytes(pacct, bytes[..100]);
        var next = asNobody ? lab.FollowAsNobody(pacct) : lab.Follow(pacct);
        next.HasCounted(402);
        File.AppendAllBytes(pacct, bytes[100..128]);
        next.Until(() => next.Exits() == 403, "the rest of the torn record");
    }
}
