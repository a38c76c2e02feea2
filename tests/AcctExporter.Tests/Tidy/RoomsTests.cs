// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;

namespace AcctExporter.Tests.Tidy;

/// <summary>Holds the rooms of ARCHITECTURE.md apart: who may name whom, and where system calls are declared.</summary>
public partial class RoomsTests
{
    /// <summary>What each room may name besides itself. The same table stands in ARCHITECTURE.md.</summary>
    private static readonly Dictionary<string, string[]> MayName = new()
    {
        ["Records"] = [],
        ["Kernel"] = ["Records"],
        ["Journal"] = ["Records"],
        ["Ledger"] = ["Records"],
        ["Capture"] = ["Kernel", "Journal", "Ledger", "Records"],
        ["Logins"] = ["Kernel", "Journal", "Ledger", "Records"],
        ["Suite"] = ["Kernel", "Journal", "Logins", "Records"],
        ["Reports"] = ["Kernel", "Journal", "Logins", "Suite", "Records"],
        ["Runacct"] = ["Kernel", "Journal", "Ledger", "Logins", "Suite", "Reports", "Records"],
        ["Metrics"] = ["Records", "Ledger", "Capture", "Logins", "Suite"],
        ["Push"] = ["Records", "Ledger", "Capture", "Logins", "Suite", "Metrics"],
        ["Web"] = ["Metrics", "Kernel"],
        ["Service"] = ["Kernel"],
        ["Doctor"] = ["Kernel", "Capture", "Ledger", "Records"],
        ["Config"] = ["Kernel", "Ledger", "Journal", "Capture", "Logins", "Suite", "Metrics", "Push", "Web",
            "Service"],
    };

    /// <summary>These see everything; nobody names them.</summary>
    private static readonly string[] SeeAll = ["Cli", "Program.cs"];

    [Fact]
    public void Rooms_NameOnlyWhatTheyMay() => Repository.None(
        Repository.Sources("src/AcctExporter").SelectMany(path => RoomFaults(path, Repository.Lines(path))));

    [Fact]
    public void SystemCalls_AreDeclaredInKernelOnly() => Repository.None(
        Repository.Sources("src/AcctExporter").SelectMany(path => CallFaults(path, Repository.Lines(path))));

    [Fact]
    public void Projects_BringNoRoomInBehindTheBack() => Repository.None(
        from path in Repository.Files("src").Where(path => path.EndsWith("proj", StringComparison.Ordinal))
        from line in Repository.Lines(path)
        where line.Contains("<Using Include=\"AcctExporter", StringComparison.Ordinal)
        select $"{path}: a global using hides who names whom: {line.Trim()}");

    [Fact]
    public void ARule_SeesWhatBreaksIt()
    {
        const string web = "src/AcctExporter/Web/Page.cs";
        Assert.Single(RoomFaults(web, ["using AcctExporter.Capture;"]));
        Assert.Single(RoomFaults(web, ["    global::AcctExporter.Cli.Tree.Build();"]));
        Assert.Single(RoomFaults(web, ["    var end = Records.ExitStatus.None;"]));
        Assert.Single(RoomFaults("src/AcctExporter/Attic/Old.cs", ["namespace AcctExporter.Attic;"]));
        Assert.Single(CallFaults(web, ["    [DllImport(\"libc\")]"]));
        Assert.Empty(RoomFaults(web, ["using AcctExporter.Metrics;", "namespace AcctExporter.Web;"]));
        Assert.Empty(RoomFaults("src/AcctExporter/Program.cs", ["using AcctExporter.Cli;"]));
        Assert.Empty(CallFaults("src/AcctExporter/Kernel/Libc.cs", ["[DllImport(\"libc\")]"]));
    }

    private static IEnumerable<string> RoomFaults(string path, string[] lines)
    {
        var room = Room(path);
        if (room == "Program.cs")
        {
            yield break;
        }

        if (!MayName.TryGetValue(room, out var allowed) && !SeeAll.Contains(room))
        {
            yield return $"{path}: the room {room} is not in the table of RoomsTests and ARCHITECTURE.md";
            yield break;
        }

        for (var i = 0; i < lines.Length; i++)
        {
            var code = Repository.Code(lines[i]);
            var named = FullName().Matches(code).Concat(HalfName().Matches(code))
                .Select(match => match.Groups[1].Value).Distinct().Where(name => name != room && IsRoom(name));
            foreach (var other in named)
            {
                // Cli sees all rooms; only Program names Cli.
                if (allowed is null ? other == "Program" : !allowed.Contains(other))
                {
                    yield return $"{path}:{i + 1}: {room} may not name {other}";
                }
            }
        }
    }

    private static IEnumerable<string> CallFaults(string path, string[] lines) =>
        from line in lines.Select((text, index) => (Code: Repository.Code(text), Number: index + 1))
        where Room(path) != "Kernel" && NativeCall().IsMatch(line.Code)
        select $"{path}:{line.Number}: system calls are declared in Kernel only";

    private static string Room(string path) => path.Split('/')[2];

    private static bool IsRoom(string name) => MayName.ContainsKey(name) || SeeAll.Contains(name);

    [GeneratedRegex(@"\bAcctExporter\.([A-Z]\w*)")]
    private static partial Regex FullName();

    /// <summary>From inside the namespace a room can be named without its first part: <c>Records.CompT</c>.</summary>
    [GeneratedRegex(@"(?<![\w.)\]?""])([A-Z][a-z]+)\.[A-Z]")]
    private static partial Regex HalfName();

    [GeneratedRegex(@"\b(DllImport|LibraryImport|NativeLibrary|delegate\*)")]
    private static partial Regex NativeCall();
}
