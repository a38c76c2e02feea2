// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Logins;

/// <summary>One line, as <see cref="LineTable"/> keeps it: who is on, and how much it was used.</summary>
internal sealed class LoginLine
{
    /// <summary>A line that nobody was on yet.</summary>
    public LoginLine(string name)
    {
        Name = name;
        Place = new(this);
    }

    /// <summary>The line's name.</summary>
    public string Name { get; }

    /// <summary>Its place in one of the table's two lists.</summary>
    public LinkedListNode<LoginLine> Place { get; }

    /// <summary>Somebody is on.</summary>
    public bool IsOpen { get; set; }

    /// <summary>Who is on, when somebody is.</summary>
    public OpenSession Session { get; set; }

    /// <summary>It is the newest open line with the id of its session.</summary>
    public bool HasId { get; set; }

    /// <summary>It is the newest open line with the process of its session.</summary>
    public bool HasPid { get; set; }

    /// <summary>Records of logins.</summary>
    public long Sessions { get; set; }

    /// <summary>Logins that found nobody there.</summary>
    public long Logins { get; set; }

    /// <summary>Records of logouts, and sessions ended by other things.</summary>
    public long Logouts { get; set; }

    /// <summary>How long somebody was on.</summary>
    public long Seconds { get; set; }

    /// <summary>How much it was used.</summary>
    public LineUse Use => new(Name, Sessions, Logins, Logouts, Seconds);
}
