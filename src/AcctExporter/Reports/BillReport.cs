// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using AcctExporter.Suite;

namespace AcctExporter.Reports;

/// <summary>A bill as people and programs read it. All forms have the same figures.</summary>
/// <param name="bill">The bill.</param>
/// <param name="period">Of which period, as its files are named by it; null for the one that is not closed.</param>
/// <param name="isByGroup">Its accounts are groups.</param>
internal sealed class BillReport(Bill bill, string? period, bool isByGroup)
{
    private const int NameWidth = 40;
    private const int QuantityWidth = 18;
    private const int PriceWidth = 14;

    private static readonly JsonWriterOptions Json = new()
    {
        Indented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
    };

    private string Title => "Bill, " + (period ?? "open period");

    private string IdKey => isByGroup ? "gid" : "uid";

    private string NameKey => isByGroup ? "group" : "user";

    /// <summary>A page for a terminal; names without anything that it would obey.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void WriteText(Stream output)
    {
        var text = new ReportText(output);
        Left(text, $"{Title}, {bill.Rates.Currency}", NameWidth);
        Right(text, "QUANTITY", QuantityWidth);
        Right(text, "FREE", QuantityWidth);
        Right(text, "PRICE", PriceWidth);
        Right(text, "AMOUNT", QuantityWidth);
        text.Add((byte)'\n');
        foreach (var account in bill.Accounts)
        {
            text.Add((byte)'\n');
            text.Add(SafeText.Of(account.Name));
            Add(text, $" ({IdKey} {account.Id}){(account.Factor == 1 ? "" : $", factor {Number(account.Factor)}")}\n");
            foreach (var line in account.Lines)
            {
                Left(text, "  " + line.Text, NameWidth);
                Right(text, line.Quantity ?? "", QuantityWidth);
                Right(text, line.Free ?? "", QuantityWidth);
                Right(text, line.Price is { } price ? Number(price) : "", PriceWidth);
                Right(text, Amount(line.Amount), QuantityWidth);
                text.Add((byte)'\n');
            }

            Left(text, "  TOTAL", NameWidth);
            Right(text, Amount(account.Total), (2 * QuantityWidth) + PriceWidth + QuantityWidth);
            text.Add((byte)'\n');
        }

        Left(text, $"\nTOTAL {bill.Rates.Currency}", NameWidth + 1);
        Right(text, Amount(bill.Total), (2 * QuantityWidth) + PriceWidth + QuantityWidth);
        text.Add((byte)'\n');
        text.Flush();
    }

    /// <summary>A row for each line.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void WriteCsv(Stream output)
    {
        var rows = new ReportRows(
            new(output), ReportFormat.Csv, "period", IdKey, NameKey, "item", "quantity", "free_quantity", "price",
            "factor", "amount", "currency");
        foreach (var account in bill.Accounts)
        {
            foreach (var line in account.Lines)
            {
                rows.Row();
                rows.Add(period ?? "");
                rows.Add(account.Id);
                rows.Add(account.Name);
                rows.Add(line.Key);
                rows.Add(line.Quantity ?? "");
                rows.Add(line.Free ?? "");
                rows.Add(line.Price is { } price ? Number(price) : "");
                rows.Add(line.Price is null ? "" : Number(account.Factor));
                rows.Add(Amount(line.Amount));
                rows.Add(bill.Rates.Currency);
            }
        }

        rows.End();
    }

    /// <summary>
    /// One document. Numbers have all their decimals: whoever sums them up should read them as decimals.
    /// </summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void WriteJson(Stream output)
    {
        using (var json = new Utf8JsonWriter(output, Json))
        {
            json.WriteStartObject();
            json.WriteString("period", period);
            json.WriteBoolean("closed", period is not null);
            json.WriteString("by", NameKey);
            json.WriteString("currency", bill.Rates.Currency);
            json.WriteNumber("decimals", bill.Rates.Decimals);
            json.WriteStartArray("accounts");
            foreach (var account in bill.Accounts)
            {
                Write(json, account);
            }

            json.WriteEndArray();
            Raw(json, "total", Amount(bill.Total));
            json.WriteEndObject();
        }

        output.Write("\n"u8);
        output.Flush();
    }

    /// <summary>One page, a table for each account.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void WriteHtml(Stream output)
    {
        var page = new HtmlPage(output, Title);
        page.Line($"Amounts are in {bill.Rates.Currency}."
            + (period is null ? " The period is not closed: the bill can still grow." : ""));
        foreach (var account in bill.Accounts)
        {
            var factor = account.Factor == 1 ? "" : $", prices x {Number(account.Factor)}";
            page.Table(
                $"{Encoding.UTF8.GetString(account.Name)} ({IdKey} {account.Id}){factor}", new("Item", true),
                new("Quantity"), new("Free"), new("Price"), new("Amount"));
            foreach (var line in account.Lines)
            {
                page.Row(
                    line.Text, line.Quantity ?? "", line.Free ?? "", line.Price is { } price ? Number(price) : "",
                    Amount(line.Amount));
            }

            page.TotalRow("Total", "", "", "", Amount(account.Total));
            page.EndTable();
        }

        page.Table(isByGroup ? "All groups" : "All users", new(isByGroup ? "Group" : "User", true), new("Amount"));
        foreach (var account in bill.Accounts)
        {
            page.Row(Encoding.UTF8.GetString(account.Name), Amount(account.Total));
        }

        page.TotalRow("Total", Amount(bill.Total));
        page.EndTable();
        page.End();
    }

    private void Write(Utf8JsonWriter json, BillAccount account)
    {
        json.WriteStartObject();
        json.WriteNumber(IdKey, account.Id);
        json.WriteString(NameKey, Encoding.UTF8.GetString(account.Name));
        json.WriteNumber("factor", account.Factor);
        json.WriteStartArray("lines");
        foreach (var line in account.Lines)
        {
            json.WriteStartObject();
            json.WriteString("item", line.Key);
            Raw(json, "quantity", line.Quantity);
            Raw(json, "free_quantity", line.Free);
            Raw(json, "price", line.Price is { } price ? Number(price) : null);
            Raw(json, "amount", Amount(line.Amount));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        Raw(json, "total", Amount(account.Total));
        json.WriteEndObject();
    }

    private string Amount(BigInteger units) => Fraction.Text(units, bill.Rates.Decimals);

    private static string Number(decimal value) => value.ToString(CultureInfo.InvariantCulture);

    private static void Raw(Utf8JsonWriter json, string name, string? number)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(number ?? "null", skipInputValidation: false);
    }

    private static void Add(ReportText text, string words) => text.Add(SafeBytes(words));

    private static void Left(ReportText text, string words, int width) => text.AddLeft(SafeBytes(words), width);

    private static void Right(ReportText text, string words, int width)
    {
        var bytes = SafeBytes(words);
        text.Add((byte)' ', width - bytes.Length);
        text.Add(bytes);
    }

    /// <summary>Words of a file of prices may be in any script; the control characters were refused there.</summary>
    private static byte[] SafeBytes(string words) => Encoding.UTF8.GetBytes(words);
}
