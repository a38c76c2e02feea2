// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Suite;
using AcctExporter.Tests.Kernel;

namespace AcctExporter.Tests.Reports;

/// <summary>Totals of a period and a table of prices, in a folder of their own.</summary>
internal sealed class BillFiles : IDisposable
{
    /// <summary>The prices that the tests trace by hand.</summary>
    public const string Prices = """
        currency: EUR
        prices:
          cpu-hour-prime: 0.40
          cpu-hour-non-prime: 0.10
          memory-gib-hour-prime: 0.05
          connect-hour-prime: 0.02
          call-io-gib: 0.01
          storage-io-gib: 0.03
          disk-gib: 0.30
          printed-page: 0.05
          process: 0.0001
          session: 0.005
          fee-unit: 1
        free:
          connect-hour-prime: 2
        """;

    private readonly TemporaryDirectory folder = new();

    public BillFiles() => Paths.MakeFolders();

    public SuitePaths Paths => new(folder.Of("suite"));

    /// <summary>A file of prices.</summary>
    public string Rates(string text) => folder.File("rates.yaml", text);

    /// <summary>Totals of the open period, or of a closed one.</summary>
    public void Put(string? period, params (uint Uid, byte[] Name, TacctSums Sums)[] records) => PutFile(
        period is null ? Paths.SumTacct : Paths.OfFiscal("tacct", period), records);

    /// <summary>Totals in a file.</summary>
    public static void PutFile(string path, params (uint Uid, byte[] Name, TacctSums Sums)[] records)
    {
        var table = new UserTable<TacctSums>();
        foreach (var (uid, name, sums) in records)
        {
            table.Of(uid, name).Add(sums);
        }

        using var file = File.Create(path);
        TacctFile.Write(file, table);
    }

    /// <summary>
    /// One and a half hours and a quarter of an hour of CPU, 3 GiB for half an hour of it, 5 hours logged in, 2.5 GiB
    /// of I/O by calls, 1 GiB by storage, 10 GiB on disks at each of two looks, 7 pages, 12,345 processes, 3 sessions,
    /// a fee of 2.5 units.
    /// </summary>
    public static TacctSums Alice => new()
    {
        Prime = new()
        {
            CpuMicroseconds = 5_400_000_000,
            KibMicroseconds = (Int128)(3 << 20) * 1_800_000_000,
            CharacterBytes = 2L << 30,
            StorageBytes = 1L << 30,
            ConnectMicroseconds = 18_000_000_000,
        },
        NonPrime = new() { CpuMicroseconds = 900_000_000, CharacterBytes = 1L << 29 },
        DiskBytes = 20L << 30,
        DiskSamples = 2,
        PrintedPages = 7,
        Processes = 12_345,
        Sessions = 3,
        FeeMilliunits = 2500,
    };

    public ToolResult Run(params string[] arguments) => Applet.Run(
        "bill", [$"--suite.path={Paths.Root}", .. arguments], SystemVVectors.Now);

    public void Dispose() => folder.Dispose();
}
