import { pictureOf } from './picture.js';
import type { IncidentReport } from './incident-report.js';
import { escaped, markdownTable } from '../../incident/markdown.js';
import { clock, clockWithoutZone, zoneName } from '../../words/clock.js';
import { escapedHtml, page } from '../../words/page.js';
import { language, nameIn, words } from '../../words/words.js';

/** For a ticket or a wiki. */
export function incidentMarkdown(report: IncidentReport): string {
  const { report: said } = words();
  return [
    `# ${escaped(report.summary)}`,
    '',
    ...markdownTable(['', ''], factsOf(report)),
    '',
    `## ${said.whatHappened(zoneName(report.openedAt))}`,
    '',
    ...(report.isCut ? [said.cut, ''] : []),
    ...markdownTable(
      [said.time, said.what],
      report.timeline.map(({ at, text }) => [clockWithoutZone(at), text]),
    ),
  ].join('\n');
}

/** To be mailed, or kept longer than Temporal keeps the incident. */
export function incidentHtml(report: IncidentReport, now: number): string {
  const { report: said } = words();
  const rows = (list: readonly (readonly [string, string])[]): string =>
    list.map(([one, other]) => `<tr><th>${escapedHtml(one)}</th><td>${escapedHtml(other)}</td></tr>`).join('\n');
  const body = `<h1>${escapedHtml(report.summary)}</h1>
<table class="facts">
${rows(factsOf(report))}
</table>
<div class="picture">
${pictureOf(report, now)}
</div>
<h2>${escapedHtml(said.whatHappened(zoneName(report.openedAt)))}</h2>
${report.isCut ? `<p>${said.cut}</p>` : ''}
<table>
${rows(report.timeline.map(({ at, text }) => [clockWithoutZone(at), text] as const))}
</table>`;
  return page({ language: language(), title: report.summary, style: STYLE, body });
}

function factsOf(report: IncidentReport): readonly (readonly [string, string])[] {
  const { incidentId, state, owner, severity, policy, openedAt, closedAt, secondsToAcknowledge, placedCalls } = report;
  const { report: said, general } = words();
  return [
    [said.incident, incidentId],
    [said.state, nameIn(general.states, state)],
    [said.owner, owner ?? general.nobody],
    [said.severity, nameIn(general.severities, severity)],
    [said.policy, policy],
    [said.opened, clock(openedAt)],
    [said.closed, closedAt === null ? said.notYet : clock(closedAt)],
    [
      said.timeToAcknowledge,
      secondsToAcknowledge === null ? said.nobodyOwned : general.duration(secondsToAcknowledge * 1000),
    ],
    [said.telephoneCalls, String(placedCalls)],
  ];
}

const STYLE = `
body { font: 15px/1.5 system-ui, sans-serif; color: #212529; background: #fff; max-width: 1000px; margin: 2em auto; padding: 0 1em; }
h1 { font-size: 1.5em; overflow-wrap: anywhere; }
h2 { font-size: 1.15em; margin-top: 2em; }
table { border-collapse: collapse; }
th, td { text-align: left; vertical-align: top; padding: 3px 16px 3px 0; border-bottom: 1px solid #e9ecef; font-weight: normal; overflow-wrap: anywhere; }
th { color: #495057; white-space: nowrap; font-variant-numeric: tabular-nums; }
.picture { margin: 1.5em 0; overflow-x: auto; }
.picture svg { min-width: 700px; width: 100%; }
`;
