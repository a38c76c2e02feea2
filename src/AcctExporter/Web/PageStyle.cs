// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Text;

namespace AcctExporter.Web;

/// <summary>The page's look, its few lines of script, and the policy that lets these two in and nothing else.</summary>
internal static class PageStyle
{
    /// <summary>The icon of the tab: three bars, in itself.</summary>
    public const string Icon = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16' "
        + "fill='%230b7a8c'%3E%3Crect x='1' y='9' width='4' height='6' rx='1'/%3E%3Crect x='6' y='4' width='4' "
        + "height='11' rx='1'/%3E%3Crect x='11' y='1' width='4' height='14' rx='1'/%3E%3C/svg%3E";

    /// <summary>All of the style. Colours keep 4.5:1 to what is behind them, in the light and in the dark.</summary>
    public const string Css = """
        :root{color-scheme:light dark;--bg:#f6f6f3;--card:#fff;--ink:#1b1f23;--dim:#586069;--line:#e3e3dd;
        --soft:#eef0ee;--accent:#0b6a7a;--fill:#0b6a7a2e;--bar:#0b6a7a59;--ok:#176b3c;--warn:#7d5200;--bad:#b3261e;
        --okbg:#e4f3ea;--warnbg:#fbf0d9;--badbg:#fbe6e4}
        @media(prefers-color-scheme:dark){:root{--bg:#101316;--card:#171b1f;--ink:#e6e9eb;--dim:#9ba5ae;--line:#2a3036;
        --soft:#1f252a;--accent:#5cc8da;--fill:#5cc8da33;--bar:#5cc8da66;--ok:#6fd19c;--warn:#efbd5b;--bad:#ff9b90;
        --okbg:#13291d;--warnbg:#2e2410;--badbg:#381b19}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif}
        .wrap{max-width:74rem;margin:0 auto;padding:0 1.25rem}
        a{color:var(--accent);text-underline-offset:.15em}
        a:focus-visible,button:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
        header{padding:1.5rem 0 1rem}
        header .wrap,footer .wrap{display:flex;flex-wrap:wrap;gap:.4rem 1rem;align-items:baseline}
        h1{font-size:1.15rem;margin:0;font-weight:650;letter-spacing:-.01em;overflow-wrap:anywhere}
        h1 span{color:var(--dim);font-weight:400}
        nav{margin-left:auto;display:flex;flex-wrap:wrap;gap:.25rem 1.1rem;align-items:baseline}
        footer a{margin-right:1rem}
        button{font:inherit;font-size:.85rem;color:var(--dim);background:none;border:1px solid var(--line);
        border-radius:.4rem;padding:0 .6rem;cursor:pointer}
        button:hover{color:var(--ink);border-color:var(--dim)}
        #live{color:var(--dim);font-size:.85rem;font-variant-numeric:tabular-nums}
        #live.on::before{content:"";display:inline-block;width:.5rem;height:.5rem;border-radius:50%;
        background:var(--ok);margin-right:.4rem}
        .verdict{border-radius:.75rem;padding:1rem 1.25rem;margin:0 0 1rem;border-left:.35rem solid}
        .verdict p{margin:0}
        .verdict p:first-child{font-size:1.3rem;font-weight:650;letter-spacing:-.015em}
        .verdict.good{background:var(--okbg);border-color:var(--ok)}
        .verdict.good p:first-child{color:var(--ok)}
        .verdict.lacking,.verdict.busy{background:var(--warnbg);border-color:var(--warn)}
        .verdict.lacking p:first-child,.verdict.busy p:first-child{color:var(--warn)}
        .verdict.bad{background:var(--badbg);border-color:var(--bad)}
        .verdict.bad p:first-child{color:var(--bad)}
        .lacks{font-weight:600}
        progress{width:100%;height:.6rem;accent-color:var(--warn);margin-top:.6rem}
        section{background:var(--card);border:1px solid var(--line);border-radius:.75rem;padding:1.1rem 1.25rem;
        margin:0 0 1rem;min-width:0}
        h2{font-size:1rem;margin:0;font-weight:650}
        h2+p{margin:.1rem 0 .8rem}
        h3{font-size:.82rem;margin:0 0 .35rem;font-weight:600;color:var(--dim)}
        .note{color:var(--dim);font-size:.85rem}
        .figures{display:grid;grid-template-columns:repeat(6,minmax(0,1fr));gap:1px;background:var(--line);
        padding:0;overflow:hidden}
        .figures>div{background:var(--card);padding:.9rem 1.1rem;min-width:0;overflow-wrap:anywhere}
        dl,dd{margin:0}
        dt{font-size:.82rem;color:var(--dim)}
        dd.big{font-size:1.5rem;font-weight:650;letter-spacing:-.02em;font-variant-numeric:tabular-nums;line-height:1.3}
        dd.warn{color:var(--warn)}
        dd.bad{color:var(--bad)}
        .live{display:grid;grid-template-columns:6.5rem minmax(0,1fr);gap:.5rem 1.5rem;align-items:end}
        .rates{display:grid;gap:.35rem}
        .spark{margin:0}
        .spark svg{display:block;width:100%;height:8.5rem}
        .spark .all{fill:var(--fill);stroke:var(--accent);stroke-width:1.25;vector-effect:non-scaling-stroke}
        .spark .ill{fill:var(--bad);opacity:.75}
        .spark .ground{stroke:var(--line);vector-effect:non-scaling-stroke}
        figcaption{display:flex;justify-content:space-between;gap:0 .75rem;flex-wrap:wrap;font-size:.8rem;
        color:var(--dim);margin-top:.3rem}
        .key{display:inline-block;width:.65rem;height:.65rem;border-radius:.15rem;background:var(--bad);opacity:.75;
        margin-right:.35rem}
        table{border-collapse:collapse;width:100%}
        th,td{text-align:left;vertical-align:top;padding:.4rem .9rem .4rem 0;border-top:1px solid var(--line);
        overflow-wrap:anywhere}
        th:last-child,td:last-child{padding-right:0}
        thead th{border-top:0;padding-top:0;font-size:.82rem;font-weight:600;color:var(--dim);overflow-wrap:normal}
        tbody th{font-weight:500}
        time,.num{white-space:nowrap;overflow-wrap:normal;font-variant-numeric:tabular-nums}
        th.num,td.num{text-align:right}
        .name{font-family:ui-monospace,"SF Mono","DejaVu Sans Mono",Menlo,Consolas,monospace;font-size:.88em;
        white-space:break-spaces;overflow-wrap:anywhere;unicode-bidi:isolate}
        .badge{display:inline-block;border-radius:1rem;padding:0 .6rem;font-size:.8rem;font-weight:600;
        white-space:nowrap}
        .badge.good{color:var(--ok);background:var(--okbg)}
        .badge.lacking{color:var(--warn);background:var(--warnbg)}
        .badge.bad{color:var(--bad);background:var(--badbg)}
        .badge.off{color:var(--dim);background:var(--soft)}
        tr.off th,tr.off td{color:var(--dim)}
        .mend{display:block;color:var(--dim);font-size:.88rem}
        .tops{display:grid;grid-template-columns:repeat(4,minmax(0,1fr));gap:1.1rem 2rem}
        .tops table{table-layout:fixed}
        .tops td{border:0;padding:.16rem 0;overflow:hidden}
        .tops .num{width:5.6rem}
        .bar{display:block;width:100%;height:3px;margin-top:1px}
        .bar rect{fill:var(--bar)}
        .pair{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,2.4fr);gap:1rem 2.5rem;align-items:start}
        .quiet{color:var(--dim);margin:.3rem 0 0}
        .hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
        pre{background:var(--card);border-radius:.4rem;padding:.6rem .8rem;margin:.6rem 0 0;overflow:auto;
        font-size:.9rem}
        footer{padding:.25rem 0 2rem;font-size:.88rem;color:var(--dim)}
        @media(max-width:66rem){.figures{grid-template-columns:repeat(3,minmax(0,1fr))}
        .tops{grid-template-columns:repeat(2,minmax(0,1fr))}}
        @media(max-width:56rem){.pair{grid-template-columns:minmax(0,1fr)}}
        @media(max-width:36rem){.wrap{padding:0 .8rem}
        section{padding:.9rem}
        nav{margin-left:0}
        .far{display:none}
        th,td{padding-right:.55rem}
        .figures{grid-template-columns:repeat(2,minmax(0,1fr))}
        .tops{grid-template-columns:minmax(0,1fr)}
        .figures>div{padding:.7rem .8rem}
        dd.big{font-size:1.25rem}
        .live{grid-template-columns:minmax(0,1fr)}
        .rates{grid-template-columns:repeat(3,auto);justify-content:start;gap:0 2rem}
        .spark svg{height:5.5rem}
        .sources thead{display:none}
        .sources tr,.sources th,.sources td{display:block;border:0;padding:0}
        .sources tr{border-top:1px solid var(--line);padding:.5rem 0}}
        """;

    /// <summary>
    /// Every five seconds the figures are fetched and put in the place of the old ones, unless somebody selects text,
    /// looks elsewhere or has paused it. Without script the page is loaded anew, by a line of its head.
    /// </summary>
    public const string Script = """
        (()=>{
        const every=5000,live=document.getElementById("live"),button=document.getElementById("pause");
        const build=document.documentElement.dataset.build;
        let paused=false,seen=Date.now();
        const say=(text,on)=>{live.textContent=text;live.className=on?"on":""};
        const held=()=>{const chosen=getSelection();return paused||document.hidden||(chosen&&!chosen.isCollapsed)};
        button.addEventListener("click",()=>{
        paused=!paused;button.textContent=paused?"Resume":"Pause";say(paused?"paused":"live",!paused)});
        const fetchMain=async()=>{
        const answer=await fetch(location.href,{cache:"no-store",signal:AbortSignal.timeout(10000)});
        if(!answer.ok)throw new Error("status "+answer.status);
        const page=new DOMParser().parseFromString(await answer.text(),"text/html"),next=page.querySelector("main");
        if(!next)throw new Error("another page");
        if(page.documentElement.dataset.build!==build)return location.reload();
        if(held())return;
        document.querySelector("main").replaceWith(document.importNode(next,true));
        document.title=page.title;seen=Date.now();say("live",true)};
        const turn=async()=>{
        if(!held())await fetchMain().catch(()=>say("no answer for "+Math.round((Date.now()-seen)/1000)+" s",false));
        setTimeout(turn,every)};
        button.hidden=false;say("live",true);setTimeout(turn,every)})();
        """;

    /// <summary>Nothing from elsewhere, no frame around it, no form; the script asks this server alone.</summary>
    public static readonly string ContentSecurityPolicy =
        $"default-src 'none'; style-src {HashOf(Css)}; script-src {HashOf(Script)}; connect-src 'self'; "
        + "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static string HashOf(string text) =>
        $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}'";
}
