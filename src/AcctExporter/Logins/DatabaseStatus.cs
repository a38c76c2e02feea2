// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Logins;

/// <summary>What came of reading a database of logins.</summary>
internal enum DatabaseStatus : byte
{
    /// <summary>Read. A file of no bytes, as log rotation leaves one, is a database without rows.</summary>
    Read,

    /// <summary>There is no such file: nothing on this host writes one, or not yet.</summary>
    Absent,

    /// <summary>It may not be opened, or the disk gives errors.</summary>
    Unreadable,

    /// <summary>Somebody was in the middle of a change all the time that we waited, or died in it.</summary>
    Busy,

    /// <summary>The file is something else.</summary>
    NoDatabase,

    /// <summary>A database, but without the table, or with other columns.</summary>
    NoTable,

    /// <summary>A database with bad pages; what could be read before them was.</summary>
    Damaged,

    /// <summary>Reading took longer than it may: the file was made to.</summary>
    TooSlow,
}
