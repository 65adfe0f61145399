import { describe, expect, test } from 'vitest';
import { createActivities, watchSleep } from '../../src/activities/create-activities.js';
import { QueueTurns } from '../../src/activities/queue-turns.js';
import { EMULATOR_TOKEN, neverPicksUp } from '../../src/emulator/emulator.js';
import { createPigeonClient } from '../../src/pigeon/client.js';
import { eventsOf, postsOf } from '../incident/incident-history.js';
import { calling, escalateTo, open, policyWith, presses, SATO, TANAKA, YAMADA } from '../incident/incident-world.js';
import { callTo, useRig, type World } from '../rig/rig.js';
import { pass } from './pass.js';

const world = useRig('timeSkipping');
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const FULL = { queueSize: 0 } as const;
const long = { timeout: 300_000 };

const secondsBetween = (times: readonly number[]) =>
  times.slice(1).map((time, n) => Math.round((time - (times[n] ?? 0)) / 1_000));

describe('a call that meets a full queue', () => {
  test.for([
    ['critical', '20s', 2],
    ['error', '1m', 10],
    ['warning', '1m', 60],
  ] as const)('%s: asks again until its deadline of %s', async ([severity, deadline, seconds]) => {
    const { pigeonflow, emulator, newId } = await world({ switches: FULL });
    const call = await pigeonflow.startCall(newId(), callTo(TANAKA.phone, { severity, deadline }));
    expect(await call.wait()).toMatchObject({ outcome: 'rejected', resultId: null, calls: [] });
    const between = secondsBetween(emulator.journal.invokes().map(({ at }) => at));
    expect(between.every((each) => each >= seconds && each <= seconds + 2)).toBe(true);
    expect(emulator.journal.calls()).toEqual([]);
  });

  test('shows why, and notes it once', async () => {
    const { pigeonflow, newId, sleep } = await world({ switches: FULL });
    const call = await pigeonflow.startCall(newId(), callTo(TANAKA.phone, { severity: 'error' }));
    await sleep(5 * MINUTE_MS);
    const { state, message, notes } = await call.status();
    expect(state).toBe('waiting');
    expect(message).toBe('The queue of the space is full (Queue limit exceeded: The queue is full.).');
    expect(notes).toHaveLength(1);
    await call.hangUp();
    await call.wait().catch(() => undefined);
  });

  test('posts at once when it becomes critical', async () => {
    const here = await world({ switches: FULL, people: { [TANAKA.phone]: presses('1') } });
    const incident = await open(here, policyWith({ primary: calling([TANAKA]) }), { severity: 'info' });
    await here.sleep(10 * MINUTE_MS);
    const before = here.emulator.journal.invokes().length;
    here.emulator.space.switches.queueSize = 30;
    await incident.ask('alert', { alert: { summary: 'disk full', severity: 'critical' } });
    await here.sleep(30_000);
    expect(await incident.status()).toMatchObject({ state: 'acknowledged', owner: { by: TANAKA.name } });
    expect(here.emulator.journal.invokes()).toHaveLength(before + 1);
    const posts = postsOf(await eventsOf(incident));
    expect([posts[0]?.priority, posts.at(-1)?.priority]).toEqual([4, 1]);
    await incident.ask('resolve');
    await incident.result();
  });
});

/** 200 take eight minutes: `WAITING_CALLS=200 npx vitest run --project time-skipping test/time-skipping/full-queue.test.ts`. */
const WAITING = Number(process.env['WAITING_CALLS'] ?? 20);

test(
  'incidents wait for two hours: none is refused, none advanced, none exhausted, all are called',
  { timeout: 300_000 + WAITING * 3_000 },
  async () => {
    const here = await world({ switches: FULL, lines: 1, people: { [TANAKA.phone]: Array.from({ length: WAITING }, () => presses('1')) } }); // prettier-ignore
    const policy = policyWith({ primary: calling([TANAKA]) });
    const incidents = await Promise.all(
      Array.from({ length: WAITING }, (_, n) =>
        open(here, policy, { severity: n % 2 === 0 ? 'warning' : 'info', until: 'acknowledged', dedupKey: String(n) }),
      ),
    );
    await pass(here, 2 * HOUR_MS);
    for (const incident of incidents) {
      expect(await incident.status()).toMatchObject({ state: 'triggered', level: 1, attempt: 1, placedCalls: 0 });
    }
    here.emulator.space.switches.queueSize = 30;
    // One after another: waited for together, on the server that skips time, they were seen not to end.
    for (const incident of incidents) {
      const { state, levels, placedCalls, timeline } = await incident.result();
      expect({ state, levels: levels.length, placedCalls }).toEqual({
        state: 'acknowledged',
        levels: 1,
        placedCalls: 1,
      });
      const kinds = timeline.map(({ kind }) => kind);
      expect(kinds.filter((kind) => kind === 'callWaiting' || kind === 'callTaken')).toEqual([
        'callWaiting',
        'callTaken',
      ]);
    }
    const retries = here.emulator.journal.invokes().slice(WAITING).map(({ at }) => at); // prettier-ignore
    expect(Math.min(...retries.slice(1).map((at, n) => at - (retries[n] ?? 0)))).toBeGreaterThanOrEqual(950);
  },
);

/** 200 take a while: `FREED_PLACES=200`, as above. */
const FREED = Number(process.env['FREED_PLACES'] ?? 3);

test(
  'of the places that become free, a critical call that waits gets the first or the second',
  { timeout: 300_000 + FREED * 20_000 },
  async () => {
    const here = await world({
      lines: 1,
      switches: { queueSize: 3, ringSeconds: 20 },
      people: {
        [TANAKA.phone]: Array.from({ length: FREED * 20 + 100 }, () => neverPicksUp()),
        [SATO.phone]: Array.from({ length: FREED }, () => presses('1')),
      },
    });
    const budget = { budget: { calls: 100_000, within: '1d' } } as const;
    const others = policyWith({ primary: calling([TANAKA], { attempts: 'unlimited' }) }, budget);
    const crowd = await Promise.all(
      Array.from({ length: 10 }, (_, n) => open(here, others, { severity: n % 2 === 0 ? 'warning' : 'error', dedupKey: String(n) })), // prettier-ignore
    );
    await here.sleep(MINUTE_MS);
    const behind: number[] = [];
    const { journal, space } = here.emulator;
    const [anyCall] = journal.invokes();
    for (let n = 0; n < FREED; n += 1) {
      await here.emulator.catchUp();
      // Somebody else uses the space, too.
      while (space.invoke(anyCall?.body)['status'] !== 'rejected');
      const before = journal.invokes().length;
      const urgent = await open(here, policyWith({ primary: calling([SATO]) }), { severity: 'critical', until: 'acknowledged', dedupKey: `c${n}` }); // prettier-ignore
      await urgent.result();
      const answers = journal.invokes().slice(before).map(({ body, answer }) => ({ isOurs: JSON.stringify(body).includes(SATO.phone), isTaken: answer?.['resultId'] !== undefined })); // prettier-ignore
      const first = answers.findIndex(({ isOurs }) => isOurs);
      const taken = answers.findIndex(({ isOurs, isTaken }) => isOurs && isTaken);
      // Those that did not have to wait show nothing.
      if (first !== taken) behind.push(answers.slice(first, taken).filter(({ isTaken }) => isTaken).length);
    }
    const soon = behind.filter((count) => count <= 1).length;
    console.log(`${behind.length} of ${FREED} had to wait; before them were taken: ${behind.toSorted((a, b) => b - a).slice(0, 10).join(', ')} …`); // prettier-ignore
    expect(behind.length).toBeGreaterThan(FREED / 2);
    expect(soon / behind.length).toBeGreaterThanOrEqual(0.95);
    // Each of them polls at this moment, in which an update was seen to be lost by this server, with the task that held it.
    for (const { handle } of crowd) await handle.terminate();
  },
);

test(
  'forty critical calls that wait ask together once a second, and never meet a limit of the space',
  long,
  async () => {
    const here = await world({
      switches: FULL,
      people: { [TANAKA.phone]: Array.from({ length: 40 }, () => presses('1')) },
    });
    const policy = policyWith({ primary: calling([TANAKA], { attempts: 'unlimited' }) });
    const incidents = await Promise.all(
      Array.from({ length: 40 }, (_, n) => open(here, policy, { severity: 'critical', until: 'acknowledged', dedupKey: String(n) })), // prettier-ignore
    );
    // The rate of first POSTs is kept by the task queue, but not by the server that skips time.
    await here.sleep(MINUTE_MS);
    here.emulator.space.switches.rateLimitPerSecond = 2;
    const first = here.emulator.journal.invokes().length;
    await here.sleep(10 * MINUTE_MS);
    const retries = here.emulator.journal.invokes().slice(first);
    expect(retries.length).toBeGreaterThan(100);
    expect(retries.filter(({ spaceStatus }) => spaceStatus === 429)).toHaveLength(0);
    const times = retries.map(({ at }) => at);
    expect(Math.min(...times.slice(1).map((at, n) => at - (times[n] ?? 0)))).toBeGreaterThanOrEqual(950);
    Object.assign(here.emulator.space.switches, { queueSize: 100, rateLimitPerSecond: 'none' });
    for (const incident of incidents) expect(await incident.result()).toMatchObject({ state: 'acknowledged' });
  },
);

test('a level that cannot be placed for 30 minutes gives way, named, and returns in the next round', long, async () => {
  const here = await world({ switches: FULL, people: { [TANAKA.phone]: presses('1') } });
  const policy = policyWith({
    primary: calling([TANAKA], { attempts: 2, otherwise: escalateTo('manager') }),
    manager: calling([SATO]),
  });
  const incident = await open(here, policy, { severity: 'warning', until: 'acknowledged' });
  await here.sleep(31 * MINUTE_MS);
  expect(await incident.status()).toMatchObject({ state: 'triggered', level: 2, step: 'manager' });
  await here.sleep(32 * MINUTE_MS);
  expect(await incident.status()).toMatchObject({ level: 3, step: 'primary', attempt: 1 });
  here.emulator.space.switches.queueSize = 30;
  const { state, levels, timeline } = await incident.result();
  expect(state).toBe('acknowledged');
  expect(levels.map(({ step, outcome }) => `${step} ${outcome}`)).toEqual([
    'primary notPlaced',
    'manager notPlaced',
    'primary answered',
  ]);
  expect(timeline.map(({ text }) => text).join('\n')).toContain('it gives way, and is called again in the next round');
});

describe('a number that can never be called', () => {
  /** Others are accepted shortly before and after each rejection. */
  class Busy extends QueueTurns {
    override rejected(...[place, reason, sent]: Parameters<QueueTurns['rejected']>) {
      this.accepted('other', { sentAt: sent.sentAt - 500, answeredAt: sent.sentAt - 400 });
      const facts = super.rejected(place, reason, sent);
      this.accepted('other', { sentAt: sent.answeredAt + 400, answeredAt: sent.answeredAt + 500 });
      return facts;
    }
  }
  /** A queue that was full once, and what that was answered with. */
  const knowing = (): QueueTurns => {
    const queue = new Busy();
    const full = { title: 'Queue limit exceeded', detail: 'The queue is full.' };
    queue.rejected({ call: 'early', severity: 'warning', rejections: 0 }, full, { sentAt: 0, answeredAt: 10 });
    queue.accepted('early', { sentAt: 1_000, answeredAt: 1_010 });
    return queue;
  };
  async function startWith(here: World, queueTurns: QueueTurns): Promise<void> {
    const sleepWatch = watchSleep();
    here.onTestFinished(() => Promise.resolve(sleepWatch.stop()));
    const token = () => Promise.resolve(EMULATOR_TOKEN);
    const pigeon = createPigeonClient({ baseUrl: here.emulator.url, token });
    await here.startWorkers({ activities: createActivities({ pigeon, sleepWatch, queueTurns, now: here.now }) });
  }

  test('is refused within minutes where others are accepted: the next step is called', long, async () => {
    const here = await world({
      workers: 'none',
      switches: { neverPlaced: YAMADA.phone },
      people: { [SATO.phone]: presses('1') },
    });
    await startWith(here, knowing());
    const policy = policyWith({
      primary: calling([YAMADA], { otherwise: escalateTo('manager') }),
      manager: calling([SATO]),
    });
    const incident = await open(here, policy, { severity: 'error', until: 'acknowledged' });
    const { state, owner, timeline } = await incident.result();
    expect({ state, by: owner?.by }).toEqual({ state: 'acknowledged', by: SATO.name });
    const [opened, refused] = ['opened', 'callEnded'].map((kind) => timeline.find((entry) => entry.kind === kind));
    expect(refused?.text).toContain('Pigeon rejects this call and takes others');
    expect(refused?.text).toContain('None of the telephone numbers can be called.');
    expect(Date.parse(refused?.at ?? '') - Date.parse(opened?.at ?? '')).toBeLessThan(7 * MINUTE_MS);
  });

  test('is asked for again like any other where the reason is that of a full queue', long, async () => {
    const here = await world({ workers: 'none', switches: FULL });
    await startWith(here, knowing());
    const call = await here.pigeonflow.startCall(
      here.newId(),
      callTo(TANAKA.phone, { severity: 'error', deadline: '15m' }),
    );
    expect(await call.wait()).toMatchObject({ outcome: 'rejected' });
  });
});
