namespace EdgePrune.Host;

/// <summary>The style sheet of a report: light and dark by the reader's preference, no font or file from elsewhere.</summary>
internal static class ReportStyle
{
    public const string Css = """
        :root{color-scheme:light dark;--bg:#fff;--fg:#1b1f24;--soft:#5b6570;--line:#dfe3e8;--card:#f6f8fa;--s1:#1f6fb4;--s2:#c4570a;--s3:#8a94a0;--s4:#7a3fb0;--s5:#0d8a8a;--s6:#b0246b;--s7:#6b6b00;--good:#1a7f4b;--bad:#b42318;--warn:#9a6700}
        @media (prefers-color-scheme:dark){:root{--bg:#14171b;--fg:#e6e9ed;--soft:#9aa5b1;--line:#2c333b;--card:#1c2127;--s1:#6db3f2;--s2:#f2a05c;--s3:#77828e;--s4:#b58ae6;--s5:#4fc4c4;--s6:#ef7fb3;--s7:#c9c74a;--good:#4cc38a;--bad:#f97066;--warn:#e3b341}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--bg);color:var(--fg);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
        main{max-width:1180px;margin:0 auto;padding:28px 20px 56px}
        h1{font-size:1.55rem;line-height:1.25;margin:0 0 .4rem;text-wrap:balance}
        h2{font-size:1.15rem;margin:2.4rem 0 .7rem;padding-bottom:.3rem;border-bottom:1px solid var(--line)}
        p{margin:.4rem 0;max-width:76ch}
        .eyebrow{color:var(--soft);font-size:.9rem;margin-bottom:1rem;overflow-wrap:anywhere}
        .verdict{border-left:5px solid var(--good);background:var(--card);padding:18px 22px;border-radius:0 8px 8px 0}
        .verdict.bad{border-color:var(--bad)} .verdict.warn{border-color:var(--warn)}
        .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(165px,1fr));gap:12px;margin-top:16px}
        .tile{border:1px solid var(--line);border-radius:8px;padding:12px 14px}
        .tile dt{color:var(--soft);font-size:.82rem}
        .tile dd{margin:0}
        .tile .now{font-size:1.35rem;font-weight:650;font-variant-numeric:tabular-nums}
        .tile .was{color:var(--soft);font-size:.84rem}
        .scroll{overflow-x:auto;border:1px solid var(--line);border-radius:8px}
        table{border-collapse:collapse;width:100%;font-size:.82rem;font-variant-numeric:tabular-nums}
        th,td{padding:6px 8px;text-align:right;white-space:nowrap;border-bottom:1px solid var(--line);vertical-align:top}
        th{color:var(--soft);font-weight:600;background:var(--card)}
        td small{display:block;color:var(--soft)}
        th.t,td.t{text-align:left} td.w{white-space:normal;min-width:25ch;max-width:44ch;overflow-wrap:anywhere}
        tr:last-child td{border-bottom:0} tr.picked td{background:color-mix(in srgb,var(--good) 11%,transparent)}
        .good{color:var(--good)} .bad{color:var(--bad)} .warn{color:var(--warn)} .verdict.good,.verdict.bad,.verdict.warn{color:inherit}
        .figures{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,430px),1fr));gap:22px 28px}
        figure{margin:0;min-width:0}
        figcaption{font-size:.88rem;color:var(--soft)} figcaption b{color:var(--fg)}
        .legend{list-style:none;display:flex;flex-wrap:wrap;gap:2px 16px;margin:.35rem 0 .2rem;padding:0;font-size:.82rem}
        .legend svg{width:26px;height:12px;margin-right:5px;vertical-align:-1px}
        figure>svg{width:100%;height:auto;display:block}
        svg text{fill:var(--soft);font-size:12.5px;font-variant-numeric:tabular-nums} svg .label{fill:var(--fg)} svg .marked{fill:var(--fg);font-weight:700}
        svg .grid{stroke:var(--line);stroke-width:1} svg .axis{fill:none;stroke:var(--soft);stroke-width:1.2}
        svg .line{fill:none;stroke-width:2} svg .bounds{fill:none;stroke-width:1.5}
        svg .s1{stroke:var(--s1)} svg .s2{stroke:var(--s2)} svg .s3{stroke:var(--s3)} svg .s4{stroke:var(--s4)} svg .s5{stroke:var(--s5)} svg .s6{stroke:var(--s6)} svg .s7{stroke:var(--s7)}
        svg .dot{stroke:var(--bg);stroke-width:1.2} svg .dot.s1{fill:var(--bg)} svg .bar.s1{fill:var(--s1)} svg .dot.s2,svg .bar.s2{fill:var(--s2)} svg .dot.s3,svg .bar.s3{fill:var(--s3)}
        svg .dot.s1{stroke:var(--s1);stroke-width:2} svg .dot.s2,svg .dot.s3{stroke:var(--bg)} svg .bar{stroke:none}
        svg .dot.s4{fill:var(--s4);stroke:var(--bg)} svg .dot.s5{fill:var(--s5);stroke:var(--bg)} svg .dot.s6{fill:var(--s6);stroke:var(--bg)} svg .dot.s7{fill:var(--s7);stroke:var(--bg)}
        svg .bar.s4{fill:var(--s4)} svg .bar.s5{fill:var(--s5)} svg .bar.s6{fill:var(--s6)} svg .bar.s7{fill:var(--s7)}
        svg .ring{fill:none;stroke:var(--good);stroke-width:2.4}
        svg .limit{stroke:var(--bad);stroke-width:1.8;stroke-dasharray:6 4} svg .reference{stroke:var(--s3);stroke-width:1.8;stroke-dasharray:2 3}
        dl.facts{display:grid;grid-template-columns:minmax(120px,max-content) 1fr;gap:4px 18px;margin:.4rem 0;font-size:.92rem}
        dl.facts dt{color:var(--soft)} dl.facts dd{margin:0;overflow-wrap:anywhere}
        pre{background:var(--card);padding:12px 14px;border-radius:8px;overflow-x:auto;font-size:.85rem}
        code{font-family:ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace;font-size:.92em} ul.plain{margin:.3rem 0;padding-left:1.2rem} ul.plain li{overflow-wrap:anywhere}
        @media (max-width:560px){main{padding:18px 14px 40px} h1{font-size:1.25rem} .verdict{padding:14px 16px} svg text{font-size:14.5px} dl.facts{grid-template-columns:1fr;gap:0} dl.facts dd{margin-bottom:.5rem}}
        """;
}
