// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Metrics;

/// <summary>How a source does.</summary>
internal enum SourceHealth
{
    /// <summary>It works.</summary>
    Good,

    /// <summary>It works, and something is missing that could be had, or was lost.</summary>
    Lacking,

    /// <summary>It does not work.</summary>
    Bad,

    /// <summary>Nobody asked for it.</summary>
    Off,
}

/// <summary>One source, or one place where the figures go, for people.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Health">How it does.</param>
/// <param name="Says">What it does, or what is wrong with it: a sentence.</param>
/// <param name="Mend">What mends it, or how to have it; empty for nothing to do.</param>
/// <param name="Document">Where more is said, below the project's folder; empty for nowhere.</param>
internal sealed record SourceState(
    string Name, SourceHealth Health, string Says, string Mend = "", string Document = "");
