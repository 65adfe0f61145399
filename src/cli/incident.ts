import { Command, InvalidArgumentError, Option } from 'commander';
import { zoneNamed } from '../config/variables.js';
import { INCIDENT_STATE_NAMES, UNTIL } from '../contract/incident-states.js';
import { SEVERITIES } from '../contract/severity.js';
import { duration, parameterOption } from './call-flags.js';
import type { ManyFlags, PersonsFlags } from './incident-ask.js';
import type { ListFlags } from './incident-list.js';
import type { OpenFlags } from './incident-open-input.js';
import type { ReportFlags } from './incident-report.js';
import type { WatchFlags } from './incident-watch.js';
import type { JsonFlag } from './call-actions.js';

/** What it does is loaded when it is done: `--help` and wrong flags need no Temporal. */
const asking = () => import('./incident-ask.js');

export function incidentCommand(): Command {
  return new Command('incident')
    .addHelpText('after', HELP)
    .addCommand(openCommand())
    .addCommand(listCommand())
    .addCommand(
      ofIncident('show', 'print how an incident stands, and what has happened').action(
        async (id: string, flags: JsonFlag) => {
          process.exitCode = await (await import('./incident-show.js')).showIncident(id, flags);
        },
      ),
    )
    .addCommand(
      ofIncident('watch', 'follow an incident: a line for everything that happens')
        .addOption(waitOption().default('closed'))
        .action(async (id: string, flags: WatchFlags) => {
          process.exitCode = await (await import('./incident-watch.js')).watchIncident(id, flags);
        }),
    )
    .addCommand(reportCommand())
    .addCommand(
      byPerson('ack', 'own an incident, and hang up every telephone', NOTE).action(
        async (id: string, flags: PersonsFlags) => {
          process.exitCode = await (await asking()).acknowledge(id, flags);
        },
      ),
    )
    .addCommand(
      byPerson('take-over', 'own an incident that somebody else owns', NOTE).action(
        async (id: string, flags: PersonsFlags) => {
          process.exitCode = await (await asking()).takeOver(id, flags);
        },
      ),
    )
    .addCommand(
      byPersonOfMany('hang-up', 'hang up without owning it: the next attempt follows').action(
        async (id: string | undefined, flags: ManyFlags) => {
          process.exitCode = await (await asking()).hangUp(id, flags);
        },
      ),
    )
    .addCommand(
      byPerson('escalate', 'call another step now', [
        new Option('--to <step>', 'the step to call (default: what the policy says comes next)'),
        new Option('--from <step>', 'only if this step is being called'),
      ]).action(async (id: string, flags: PersonsFlags) => {
        process.exitCode = await (await asking()).escalate(id, flags);
      }),
    )
    .addCommand(
      byPerson('snooze', 'call nobody for a while, then again', [
        new Option('--for <duration>', 'how long: 30s, 5m, 4h, 2d (default: 30m)').argParser(duration),
      ]).action(async (id: string, flags: PersonsFlags) => {
        process.exitCode = await (await asking()).snooze(id, flags);
      }),
    )
    .addCommand(
      byPersonOfMany('resolve', 'end an incident, or many', NOTE_OF_MANY).action(
        async (id: string | undefined, flags: ManyFlags) => {
          process.exitCode = await (await asking()).resolve(id, flags);
        },
      ),
    );
}

const NOTE = [new Option('--note <text>', 'for the timeline')];
const NOTE_OF_MANY = [new Option('--note <text>', 'for the timeline; required with --query')];

function openCommand(): Command {
  return new Command('open')
    .description('report an alert: opens an incident, or tells the one that is open for it')
    .option('--policy <name or file>', "a policy of the worker's folder, or a policy file (YAML) that is here")
    .option('--summary <text>', 'what is wrong, in one line')
    .option('--severity <word>', `how bad it is: ${SEVERITIES.join(', ')} or what a tool writes (default: error)`)
    .addOption(parameterOption())
    .option('--dedup-key <key>', 'alerts of the same key are one incident (default: the summary)')
    .option('--source <name>', 'the tool that reports it')
    .addOption(new Option('--until <what>', 'when it closes (default: resolved)').choices(UNTIL))
    .option('--input <file>', 'all of this as JSON, - is standard input; flags win over it')
    .addOption(waitOption())
    .option('--json', 'print JSON')
    .action(async (flags: OpenFlags) => {
      process.exitCode = await (await import('./incident-open.js')).openIncident(flags);
    });
}

function listCommand(): Command {
  return new Command('list')
    .description('print the incidents, open ones first; needs no worker')
    .addOption(new Option('--state <state>', 'only those').choices(INCIDENT_STATE_NAMES))
    .option('--owner <handle>', 'only those that this contact of the policy owns, or external')
    .addOption(queryOption())
    .addOption(new Option('--limit <number>', 'how many').argParser(Number).default(50))
    .option('--json', 'print JSON')
    .action(async (flags: ListFlags) => {
      process.exitCode = await (await import('./incident-list.js')).listIncidents(flags);
    });
}

function reportCommand(): Command {
  return new Command('report')
    .description('write down one incident with a picture of its time line, or sum up a period')
    .argument('[id]', 'id of the incident')
    .option('--since <duration>', 'instead: all that opened within the last 7d, 12h, 30m', duration)
    .addOption(queryOption())
    .addOption(
      new Option(
        '--time-zone <name>',
        'of the hours of a period (default: PIGEONFLOW_TIME_ZONE, else that of this machine)',
      ).argParser(timeZone),
    )
    .option('--schedules <folder>', 'for a period: hours on duty too, by the schedules of this folder')
    .option('--people <file>', 'with --schedules: the names of the people on duty')
    .addOption(
      new Option('--format <form>', 'html is one file with everything in it')
        .choices(['markdown', 'json', 'html'])
        .default('markdown'),
    )
    .action(async (id: string | undefined, flags: ReportFlags) => {
      process.exitCode = await (await import('./incident-report.js')).reportIncident(id, flags);
    });
}

function timeZone(name: string): string {
  const known = zoneNamed(name);
  if (known === null) throw new InvalidArgumentError('must be a time zone such as Asia/Tokyo or UTC');
  return known;
}

const waitOption = (): Option =>
  new Option('--wait <until>', 'follow it until somebody owns it, or until it has closed').choices(['owned', 'closed']);

const ofIncident = (name: string, description: string): Command =>
  new Command(name).description(description).argument('<id>', 'id of the incident').option('--json', 'print JSON');

function byPerson(name: string, description: string, options: readonly Option[] = []): Command {
  return withOptions(ofIncident(name, description), options);
}

function byPersonOfMany(name: string, description: string, options: readonly Option[] = []): Command {
  const command = new Command(name)
    .description(description)
    .argument('[id]', 'id of the incident')
    .addOption(queryOption())
    .option('--json', 'print JSON');
  return withOptions(command, options);
}

function withOptions(command: Command, options: readonly Option[]): Command {
  command.option('--by <name>', 'who asks (default: your login name)');
  for (const option of options) command.addOption(option);
  return command;
}

const queryOption = (): Option =>
  new Option('--query <filter>', 'all that match this list filter of Temporal: PigeonflowState = "triggered"');

const HELP = `
The result goes to standard output, progress to standard error. Temporal is taken from TEMPORAL_ADDRESS and the other
TEMPORAL_* variables, the task queue from PIGEONFLOW_TASK_QUEUE.

  pigeonflow incident open --policy two-levels --summary 'disk full on web1' --parameter server=web1 --wait owned
  pigeonflow incident ack incident/two-levels-0a1b2c3d4e5f --by sato

Exit codes: 0 done, owned or resolved, 1 internal, 2 usage or configuration, 5 cancelled or terminated, 8 exhausted:
nobody was reached, 10 Temporal or the workers out of reach, 11 its state does not allow it, 130 interrupted.
`;
