// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Logins;

/// <summary>Kinds of lines.</summary>
internal enum LineClass : byte
{
    /// <summary>The system's console.</summary>
    Console,

    /// <summary>A virtual terminal: tty1.</summary>
    Tty,

    /// <summary>A pseudo-terminal: ssh, terminal windows.</summary>
    Pts,

    /// <summary>A serial line, or a hypervisor's.</summary>
    Serial,

    /// <summary>A display of X11 or Wayland: :0.</summary>
    Display,

    /// <summary>Anything else: ftpd1234, ssh.</summary>
    Other,
}

/// <summary>Sorts lines.</summary>
internal static class LineClasses
{
    /// <summary>How many kinds.</summary>
    public const int Count = (int)LineClass.Other + 1;

    private static readonly string[] Serial =
        ["ttyS", "ttyUSB", "ttyACM", "ttyAMA", "ttyO", "ttymxc", "ttyPS", "ttySC", "ttyMV", "hvc", "sclp", "xvc"];

    /// <summary>The kind of a line, by its name below /dev.</summary>
    public static LineClass Of(string line) => line switch
    {
        "console" => LineClass.Console,
        _ when line.StartsWith("pts/", StringComparison.Ordinal) => LineClass.Pts,
        _ when line.StartsWith(':') => LineClass.Display,
        _ when line.Length > 3 && line.StartsWith("tty", StringComparison.Ordinal)
            && line.AsSpan(3).IndexOfAnyExceptInRange('0', '9') < 0 => LineClass.Tty,
        _ when Array.Exists(Serial, start => line.StartsWith(start, StringComparison.Ordinal)) => LineClass.Serial,
        _ => LineClass.Other,
    };
}
