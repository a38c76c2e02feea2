// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;

namespace AcctExporter.Reports;

/// <summary>The rules of GNU <c>ac</c> for records of mixed origin, in which the type is not what it seems.</summary>
internal static class TrueType
{
    /// <summary>What a record is, by its line and user rather than by its type, as other systems write them.</summary>
    public static UtmpType Of(UtmpRecord record)
    {
        var type = record.Type;
        var line = record.LineField[0];
        if (line == '|')
        {
            type = UtmpType.OldTime;
        }
        else if (line == '{')
        {
            type = UtmpType.NewTime;
        }

        if (line == '~' || type is UtmpType.RunLevel or UtmpType.BootTime)
        {
            var user = record.User;
            type = user.SequenceEqual("reboot"u8) ? UtmpType.BootTime
                : user.SequenceEqual("shutdown"u8) ? UtmpType.RunLevel
                : type;
        }

        if (type is < UtmpType.RunLevel or > UtmpType.DeadProcess && line != 0)
        {
            type = UtmpType.UserProcess;
        }

        return type == UtmpType.UserProcess && record.UserField[0] == 0 ? UtmpType.DeadProcess : type;
    }
}
