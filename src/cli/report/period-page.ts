import { escapedHtml, page } from '../../words/page.js';
import { language, words } from '../../words/words.js';
import { factsOf, hoursOf, peopleOf, type PeriodReport, retentionOf, titleOf } from './period-report.js';

/** To be mailed, shown at a review, or kept longer than Temporal keeps the incidents. It needs nothing else, and prints. */
export function periodHtml(report: PeriodReport): string {
  const { report: said } = words();
  const title = titleOf(report);
  const [heads = [], ...people] = peopleOf(report);
  const hours = hoursOf(report);
  const most = Math.max(...report.calls.byHour);
  const facts = factsOf(report).map(([name, value]) => `<tr><th>${escapedHtml(name)}</th><td>${escapedHtml(value)}</td></tr>`); // prettier-ignore
  const bars = hours.map(
    ([hour, calls]) =>
      `<tr><th>${hour}</th><td class="number">${calls}</td><td class="bar"><i style="width:${((Number(calls) / most) * 100).toFixed(1)}%"></i></td></tr>`,
  );
  const body = [
    `<h1>${escapedHtml(title)}</h1>`,
    `<p>${escapedHtml(retentionOf(report))}</p>`,
    `<table class="facts">${facts.join('\n')}</table>`,
    ...(people.length === 0 ? [] : [`<h2>${escapedHtml(said.load)}</h2>`, tableOf(heads, people)]),
    ...(hours.length === 0
      ? []
      : [
          `<h2>${escapedHtml(said.telephoneCalls)}</h2>`,
          `<table class="hours"><thead><tr><th>${escapedHtml(said.hour(report.timeZone))}</th><th class="number">${escapedHtml(said.callsOfHour)}</th><th></th></tr></thead><tbody>${bars.join('\n')}</tbody></table>`,
        ]),
    ...(report.unread.length === 0 ? [] : [`<p>${escapedHtml(said.unread(report.unread.join(', ')))}</p>`]),
  ];
  return page({ language: language(), title, style: STYLE, body: body.join('\n') });
}

/** Numbers after the first column. */
function tableOf(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (tag: 'td' | 'th', cells: readonly string[]): string =>
    `<tr>${cells.map((cell, index) => (index === 0 ? `<th>${escapedHtml(cell)}</th>` : `<${tag} class="number">${escapedHtml(cell)}</${tag}>`)).join('')}</tr>`;
  return `<table class="load"><thead>${line('th', heads)}</thead><tbody>${rows.map((row) => line('td', row)).join('\n')}</tbody></table>`;
}

const STYLE = `
:root { color-scheme: light dark; --text: #212529; --soft: #5c636a; --line: #ced4da; --page: #fff; --bar: #1971c2; }
@media (prefers-color-scheme: dark) { :root { --text: #e9ecef; --soft: #a6adb4; --line: #495057; --page: #16191c; --bar: #4dabf7; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--text); background: var(--page); max-width: 900px; margin: 2em auto; padding: 0 1em; }
h1 { font-size: 1.4em; overflow-wrap: anywhere; }
h2 { font-size: 1.1em; margin-top: 2em; }
p { color: var(--soft); overflow-wrap: anywhere; }
table { border-collapse: collapse; }
th, td { text-align: left; vertical-align: top; padding: 4px 16px 4px 0; border-bottom: 1px solid var(--line); font-weight: normal; overflow-wrap: anywhere; }
.facts th, thead th, .hours th { color: var(--soft); }
.number { text-align: right; overflow-wrap: normal; font-variant-numeric: tabular-nums; }
.load, .hours { width: 100%; }
td.number, .hours th { white-space: nowrap; }
th:first-child { min-width: 5em; }
.bar { width: 100%; }
.bar i { display: block; height: 0.8em; margin-top: 0.35em; min-width: 2px; border-radius: 2px; background: var(--bar); print-color-adjust: exact; -webkit-print-color-adjust: exact; }
@media (max-width: 560px) {
  body { margin: 1em auto; }
  th, td { padding-right: 8px; }
  .load { font-size: 14px; }
}
@media print { :root { --text: #000; --soft: #444; --line: #aaa; --page: #fff; --bar: #1971c2; } body { margin: 0; max-width: none; } tr { break-inside: avoid; } }
`;
