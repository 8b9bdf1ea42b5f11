"""The style of the report page: light and dark, wide screens and phones."""

STYLE = """
:root{--bg:#f6f7f9;--card:#fff;--ink:#16202e;--soft:#5b6778;--line:#e3e7ed;--good:#12805c;--bad:#c0342b;
--direct:#2f6fde;--team:#12a594;--fund:#8b5cf6;--region:#f0a020;--dividend:#e0559a;--campaign:#e8743b;--store:#6aa84f;
--supply:#a9b4c2;--fees:#cfd6df;--platform:#5b6b80;--escrow:#7cc0e4}
@media (prefers-color-scheme:dark){:root{--bg:#10151d;--card:#18202b;--ink:#e8edf4;--soft:#9aa7b8;--line:#2a3442;
--good:#4cc79a;--bad:#f0776d;--supply:#64748b;--fees:#475569;--platform:#94a3b8;--escrow:#3d7fa3}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI","PingFang SC",
"Microsoft YaHei","Noto Sans CJK SC",sans-serif;-webkit-text-size-adjust:100%}
main{max-width:1080px;margin:0 auto;padding:28px 20px 60px}
header h1{font-size:26px;line-height:1.25;margin:0 0 6px;letter-spacing:-.01em}
header p{margin:2px 0;color:var(--soft)}
.verdict{display:inline-block;margin:10px 0 0;padding:5px 12px;border-radius:99px;font-weight:600;font-size:14px}
.verdict.good{background:color-mix(in srgb,var(--good) 14%,transparent);color:var(--good)}
.verdict.bad{background:color-mix(in srgb,var(--bad) 14%,transparent);color:var(--bad)}
.cards{display:grid;grid-template-columns:repeat(4,1fr);gap:14px;margin:22px 0}
.card,section{background:var(--card);border:1px solid var(--line);border-radius:12px}
.card{padding:14px 16px}
.card span{display:block;color:var(--soft);font-size:13px}
.card b{display:block;font-size:22px;line-height:1.3;letter-spacing:-.01em;font-variant-numeric:tabular-nums}
.card small{color:var(--soft);font-size:12.5px}
section{padding:18px 20px 20px;margin:16px 0}
h2{font-size:17px;margin:0 0 2px}
h2 small{font-weight:400;color:var(--soft);font-size:14px;margin-left:6px}
section>p{margin:2px 0 12px;color:var(--soft);font-size:13.5px}
.two{display:grid;grid-template-columns:1fr 1fr;gap:16px;margin:16px 0}
.two th,.two td{padding-left:12px}
.two section{margin:0;min-width:0}
.chart{display:block;width:100%;height:auto;overflow:visible}
.chart text{fill:var(--soft);font-size:11.5px;font-variant-numeric:tabular-nums}
.chart .grid{stroke:var(--line)}
.narrow-only{display:none}
.share{display:flex;height:34px;border-radius:8px;overflow:hidden;gap:1px;margin:10px 0 12px}
.share span{min-width:2px}
ul.legend{list-style:none;margin:8px 0 0;padding:0;display:flex;flex-wrap:wrap;gap:4px 16px;font-size:13px;color:var(--soft)}
ul.legend i{display:inline-block;width:10px;height:10px;border-radius:3px;margin-right:6px}
ul.legend.wide{display:grid;grid-template-columns:repeat(3,1fr);gap:4px 28px}
ul.legend.wide b{float:right;color:var(--ink);font-weight:600;font-variant-numeric:tabular-nums}
.scroll{overflow-x:auto;margin:0 -20px;padding:0 20px}
table{border-collapse:collapse;width:100%;font-size:13.5px;font-variant-numeric:tabular-nums}
th{font-weight:500;color:var(--soft);text-align:right;white-space:nowrap;padding:6px 0 6px 16px;border-bottom:1px solid var(--line)}
td{text-align:right;padding:6px 0 6px 16px;border-bottom:1px solid var(--line);white-space:nowrap}
th.t,td.t{text-align:left}
th:first-child,td:first-child{padding-left:0}
td.w{white-space:normal;min-width:150px}
tbody tr:last-child td{border-bottom:0}
tr.none td{color:var(--soft)}
tr.sum td{font-weight:600}
td .bar{display:block;height:6px;border-radius:3px;margin-top:4px;overflow:hidden;display:flex}
.checks{list-style:none;margin:14px 0 0;padding:0;font-size:13.5px;columns:2;column-gap:28px}
.checks li{padding:3px 0 3px 22px;text-indent:-22px;break-inside:avoid}
.checks .ok::before{content:"✓";color:var(--good);font-weight:700;display:inline-block;width:22px;text-indent:0}
.checks .no::before{content:"✗";color:var(--bad);font-weight:700;display:inline-block;width:22px;text-indent:0}
.checks small{color:var(--soft)}
details{border-top:1px solid var(--line);padding:8px 0}
details:last-child{padding-bottom:0}
summary{cursor:pointer;font-size:14px}
summary b{font-weight:600}
summary small{color:var(--soft);margin-left:8px}
dl{display:grid;grid-template-columns:max-content 1fr;gap:4px 18px;margin:10px 0 0;font-size:13.5px}
dt{color:var(--soft)}
dd{margin:0;overflow-wrap:anywhere}
footer{color:var(--soft);font-size:13px;margin-top:24px}
.boss{font-size:11px;color:var(--soft);border:1px solid var(--line);border-radius:4px;padding:0 4px;margin-left:6px}
""" + "".join(
    f".chart .{name}{{fill:var(--{name})}} i.{name},span.{name}{{background:var(--{name})}}\n"
    for name in (
        "direct", "team", "fund", "region", "dividend", "campaign", "store", "supply", "fees", "platform", "escrow",
    )
) + """
@media (max-width:760px){.cards{grid-template-columns:1fr 1fr}.two{grid-template-columns:1fr}
ul.legend.wide{grid-template-columns:1fr 1fr}.checks{columns:1}}
@media (max-width:560px){main{padding:18px 12px 40px}header h1{font-size:21px}.cards{gap:10px;margin:16px 0}
.card{padding:11px 12px}.card b{font-size:18px}section{padding:14px 14px 16px}.scroll{margin:0 -14px;padding:0 14px}
.wide-only{display:none}.narrow-only{display:block}ul.legend.wide{grid-template-columns:1fr}
table{font-size:13px}th,td{padding-left:12px}.chart text{font-size:11px}}
@media print{body{background:#fff}section,.card{break-inside:avoid}}
"""  # fmt: skip
