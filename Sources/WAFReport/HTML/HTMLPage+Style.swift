extension HTMLPage {
  /// The style of the page. Colours are those of Okabe and Ito, which people of all kinds of colour vision tell apart; each has a pattern or a word
  /// beside it. It holds none of `<` and `&`, so that it is the same bytes for a parser of HTML and of XML.
  ///
  /// Source: Okabe, Ito, "Color Universal Design", 2008.
  static let style: StaticString = """
    :root{color-scheme:light dark;--paper:#fcfcfb;--card:#fff;--ink:#1d2329;--soft:#59636e;--line:#e1e4e8;--wash:#f3f4f6;--accent:#0a5ea8;
    --allow:#8fbfe0;--block:#d55e00;--count:#e0a21b;--captcha:#b8628f;--challenge:#00906a;--open:#8a939c;--sure:#3b78a8;--maybe:#b9cfe0;--alert:#9c3d00;--alertwash:#fdf1e7}
    @media (prefers-color-scheme:dark){:root{--paper:#14181c;--card:#1a1f24;--ink:#e4e8ec;--soft:#9aa5b1;--line:#2d343c;--wash:#20262c;--accent:#7fbdf0;
    --allow:#3f6f95;--block:#f07f2e;--count:#e8b54a;--captcha:#d78fb6;--challenge:#3cc49b;--open:#8a939c;--sure:#6fa9d6;--maybe:#34506a;--alert:#ffb27a;--alertwash:#33241a}}
    *,*::before,*::after{box-sizing:border-box}
    html{-webkit-text-size-adjust:100%}
    body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
    header,main,nav,footer{max-width:1280px;margin:0 auto;padding:0 24px}
    header{padding-top:44px}
    h1{font-size:30px;line-height:1.25;font-weight:650;letter-spacing:-.01em;margin:0 0 12px}
    h2{font-size:21px;line-height:1.3;font-weight:650;margin:0 0 12px}
    h3{font-size:16px;font-weight:650;margin:26px 0 6px}h3 .mark{margin-left:12px;font-weight:400}
    p{margin:0 0 12px;max-width:80ch}
    code{font:.92em/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;overflow-wrap:anywhere}
    h1 code{font-size:1em;font-weight:600}
    a{color:var(--accent)}
    :focus-visible{outline:2px solid var(--accent);outline-offset:2px}
    .kicker{color:var(--soft);font-size:13px;letter-spacing:.08em;text-transform:uppercase;margin:0 0 6px}
    .lead{font-size:18px}
    .alert,.notice{overflow-wrap:anywhere;border-left:4px solid var(--line);background:var(--wash);padding:10px 14px;border-radius:0 6px 6px 0;max-width:none}
    .alert{border-color:var(--block);background:var(--alertwash)}
    .alert strong{color:var(--alert)}
    .cut{color:var(--soft);font-size:14px;margin-top:6px}
    .defs{position:absolute}
    .tiles{display:grid;grid-template-columns:repeat(4,1fr);gap:14px;margin:22px 0}
    .tile{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:14px 16px;min-width:0}
    .tile p{margin:0}
    .tile .label{color:var(--soft);font-size:14px}
    .tile .value{font-size:28px;line-height:1.3;font-weight:650;font-variant-numeric:tabular-nums;letter-spacing:-.01em}
    .tile .note{color:var(--soft);font-size:13px}
    .facts{display:grid;grid-template-columns:1fr 1fr;gap:0 28px;margin:0;font-size:14px}
    .facts div{display:flex;gap:12px;border-top:1px solid var(--line);padding:6px 0;min-width:0}
    .facts dt{color:var(--soft);flex:0 0 130px}
    .facts dd{margin:0;min-width:0;overflow-wrap:anywhere}
    nav{display:flex;flex-wrap:wrap;gap:6px 20px;padding-top:18px;padding-bottom:6px;font-size:14px}
    section{padding:34px 0 6px}
    .box{position:relative;overflow-x:auto;border:1px solid var(--line);border-radius:8px;background:var(--card);margin:10px 0}
    table{border-collapse:collapse;width:100%;font-size:14px;font-variant-numeric:tabular-nums}
    caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
    th,td{padding:6px 9px;text-align:left;vertical-align:top;border-top:1px solid var(--line);font-weight:400}
    thead th{border-top:0;background:var(--wash);color:var(--soft);font-size:13px;vertical-align:bottom;line-height:1.35}
    td.n,th.n{text-align:right;white-space:nowrap}
    tbody th{min-width:15em}td.text{min-width:10em}td.text:last-child{min-width:17em}
    .few{width:fit-content;max-width:100%}.few table{width:auto}
    .few th,.few td{padding-left:18px;padding-right:18px}
    thead th.n{white-space:normal;min-width:4.5em}
    tr.inner th code{padding-left:1.2em;display:inline-block}
    .zero{color:var(--soft)}
    table.matrix td{min-width:9em}.matrix .of{display:block;color:var(--soft);font-size:12px}
    .matrix .mark{font-size:13px}
    .matrix .same{background:var(--wash)}
    .matrix .changed{font-weight:650;background:color-mix(in srgb,var(--block) 6%,var(--card))}
    .matrix .some{background:color-mix(in srgb,var(--block) 14%,var(--card))}
    .matrix .more{background:color-mix(in srgb,var(--block) 26%,var(--card))}
    .matrix .most{background:color-mix(in srgb,var(--block) 42%,var(--card))}
    .matrix .changed .of{font-weight:400;color:inherit}
    .samples{margin:0;padding-left:20px;font-size:14px}.samples p{margin:0 0 4px;max-width:none;overflow-wrap:anywhere}.samples li{margin:0 0 12px}
    tbody tr:hover{background:var(--wash)}
    thead button{font:inherit;color:inherit;background:none;border:0;padding:0;margin:0;text-align:inherit;cursor:pointer}
    thead button:hover{color:var(--ink)}
    thead button::after{content:"\\2195";position:absolute;margin-left:3px;opacity:0}
    thead button:hover::after,thead button:focus-visible::after{opacity:.6}
    th[aria-sort=ascending] button::after{content:"\\2191";opacity:1}
    th[aria-sort=descending] button::after{content:"\\2193";opacity:1}
    .filter{display:block;font:inherit;font-size:14px;color:inherit;background:var(--card);border:1px solid var(--line);border-radius:6px;padding:5px 10px;width:min(100%,300px);margin-top:10px}
    .mark{display:inline-flex;align-items:center;gap:5px;font-size:12px;line-height:1.5;letter-spacing:.02em;white-space:nowrap}
    .mark::before{content:"";width:9px;height:9px;flex:none;background:var(--open)}
    .mark.allow::before{background:var(--allow);border-radius:50%}
    .mark.block::before{background:var(--block)}
    .mark.count::before{background:none;width:10px;height:10px;border:2px solid var(--count);border-radius:50%}
    .mark.captcha::before{background:var(--captcha);clip-path:polygon(50% 0,100% 100%,0 100%)}
    .mark.challenge::before{background:var(--challenge);clip-path:polygon(50% 0,100% 50%,50% 100%,0 50%)}
    .mark.open::before,.mark.group::before{background:none;border:1px dashed var(--open)}
    svg{display:block}
    .cell{display:flex;gap:10px;align-items:center;justify-content:flex-end}
    svg.bar{width:44px;height:6px;flex:none}
    svg.rate{width:122px;height:12px;margin-top:5px}
    .whole{fill:var(--wash);stroke:none}.sure{fill:var(--sure)}.maybe{fill:var(--maybe)}.over{fill:var(--block)}
    .limit{stroke:var(--ink);stroke-width:2}
    figure{margin:0}
    .chart{margin:22px 0}
    figcaption{font-size:14px;display:flex;flex-wrap:wrap;gap:4px 16px;align-items:baseline}
    .chart figcaption{margin-bottom:8px}
    .legend{display:inline-flex;flex-wrap:wrap;gap:2px 14px}
    .plot{display:grid;grid-template-columns:auto minmax(0,1fr);gap:0 8px;font-size:12px;color:var(--soft);font-variant-numeric:tabular-nums}
    .scale{display:flex;flex-direction:column;justify-content:space-between;text-align:right;margin:-9px 0}
    .bars{width:100%;height:200px}
    .times{grid-column:2;display:grid;grid-template-columns:repeat(4,1fr);margin-top:4px}
    .grid{stroke:var(--line);vector-effect:non-scaling-stroke}
    .layer.allow{fill:var(--allow)}.layer.block{fill:var(--block)}.layer.count{fill:var(--count)}
    .layer.captcha{fill:url(#p-captcha)}.layer.challenge{fill:url(#p-challenge)}.layer.open{fill:url(#p-open)}
    .ground{fill:var(--card)}
    pattern.captcha .ground{fill:var(--captcha)}pattern.captcha .figure{stroke:var(--card);stroke-width:2}
    pattern.challenge .ground{fill:var(--challenge)}pattern.challenge .figure{stroke:var(--card)}
    pattern.open .figure{fill:var(--open)}
    .tip{fill:transparent}.tip:hover{fill:var(--ink);fill-opacity:.08}
    .multiples{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,262px),1fr));gap:14px;margin:14px 0}
    .multiple{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:10px 12px;min-width:0;display:flex;flex-direction:column}
    .multiple figcaption{gap:0 10px;margin-bottom:6px}
    .multiple code{flex:1 1 100%}
    .sum{margin-left:auto;font-size:13px;font-variant-numeric:tabular-nums}
    .multiple svg{width:100%;height:auto;margin-top:auto}
    .multiple .peak{margin:4px 0 0;color:var(--soft);font-size:12px}
    svg .peak{fill:var(--ink)}
    .axis{stroke:var(--line)}
    details{margin:12px 0}
    summary{cursor:pointer;color:var(--accent);font-size:14px;width:fit-content;max-width:100%}
    details.rule{border-top:1px solid var(--line);margin:0;padding:8px 0}
    details.rule summary{color:inherit;width:auto}
    details.rule summary .mark,details.rule summary .sum{margin-left:12px}
    .pairs{display:grid;grid-template-columns:1fr 1fr;gap:4px 20px;align-items:start;margin:4px 0 10px}
    .pairs>div{min-width:0}
    .flow{list-style:none;margin:14px 0;padding:0;font-size:14px;max-width:860px}
    .flow>li{display:grid;grid-template-columns:minmax(0,1fr) 240px;align-items:center;column-gap:0}
    .flow .node{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:7px 14px;display:flex;flex-wrap:wrap;gap:2px 14px;align-items:center;min-width:0}
    .flow .start .node,.flow .last .node{border-radius:20px;font-weight:650}
    .flow .idle .node{border-style:dashed;background:none;padding-top:2px;padding-bottom:2px;color:var(--soft)}
    .flow .counted{color:var(--soft)}
    .flow details{flex:1 1 100%;margin:2px 0}
    .flow ul{list-style:none;margin:4px 0;padding:0}
    .flow ul .mark{margin:0 6px}
    .edge{grid-column:1/-1;display:flex;gap:8px;align-items:center;padding-left:30px;font-variant-numeric:tabular-nums}
    .edge svg{width:28px;height:26px}
    .edge .of,.out.none{color:var(--soft);font-size:13px}
    .idle+.idle .edge span,.idle+.idle .edge .of{visibility:hidden}
    .idle+.idle .edge svg{height:13px}
    .out{display:flex;gap:10px;align-items:center;font-variant-numeric:tabular-nums}
    .out svg{width:44px;height:26px;flex:none}
    .out.none{padding-left:14px}
    .stream{fill:var(--sure)}
    footer{color:var(--soft);font-size:13px;padding-top:34px;padding-bottom:40px}
    @media (max-width:720px){
    header,main,nav,footer{padding-left:16px;padding-right:16px}
    header{padding-top:24px}
    h1{font-size:24px}.lead{font-size:16px}
    .tiles{grid-template-columns:1fr 1fr;gap:10px}.tile{padding:10px 12px}.tile .value{font-size:22px}
    .facts,.pairs{grid-template-columns:minmax(0,1fr)}
    .times span:nth-child(even){visibility:hidden}
    .bars{height:160px}
    th,td,.few th,.few td{padding:6px 9px}
    tbody th{min-width:10em}
    .facts dt{flex-basis:110px}
    .flow>li{grid-template-columns:minmax(0,1fr) auto}
    .flow .out svg{width:22px}
    .out{gap:5px}.out.none{display:none}
    }
    @media print{
    :root{color-scheme:light;--paper:#fff;--card:#fff;--ink:#000;--soft:#444;--line:#ccc;--wash:#f4f4f4;--accent:#000;
    --allow:#8fbfe0;--block:#d55e00;--count:#e0a21b;--captcha:#b8628f;--challenge:#00906a;--open:#777;--sure:#3b78a8;--maybe:#b9cfe0;--alert:#9c3d00;--alertwash:#fff}
    *{print-color-adjust:exact;-webkit-print-color-adjust:exact}
    body{font-size:10pt}
    header,main,nav,footer{max-width:none;padding-left:0;padding-right:0}
    header{padding-top:0}
    nav,.filter,thead button::after{display:none}
    .box{overflow:visible}
    table{font-size:8pt}
    th,td{padding:2px 5px}
    td.n,th.n{white-space:normal}
    tbody th,td.text,td.text:last-child{min-width:0}
    svg.bar{display:none}
    thead th,.mark,table code{font-size:7.5pt}
    .mark{font-size:7pt}
    thead{display:table-row-group}
    thead th.n{min-width:0}
    tbody th{width:24%}
    details.long:not([open]){display:none}
    tr,figure,.tile,.flow>li{break-inside:avoid}
    h2,h3,summary{break-after:avoid}
    details::details-content{content-visibility:visible;display:block;height:auto}
    .multiples{grid-template-columns:repeat(3,1fr)}
    .bars{height:130px}
    }
    """
}
