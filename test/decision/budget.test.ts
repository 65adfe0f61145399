import { describe, expect, test } from 'vitest';
import { Incident, MINUTE } from './incident.js';
import { policyOf, step } from './policy-of.js';

describe('the budget', () => {
  const tight = (calls: number) =>
    new Incident(
      policyOf({ primary: step({ attempts: 'unlimited', every: '1m' }) }, { budget: { calls, within: '1h' } }),
    );

  test('when it is used up, the calls wait, visibly, until the span allows them again', () => {
    const incident = tight(2);
    incident.callEnds();
    incident.timerFires();
    incident.callEnds();
    incident.timerFires();
    expect(incident.placed).toHaveLength(2);
    expect(incident.told('waiting').at(-1)).toMatchObject({ reason: 'budget', until: 60 * MINUTE });
    incident.timerFires();
    expect(incident.placed).toHaveLength(3);
  });

  test('a run that rang several telephones counts as many', () => {
    const incident = tight(4);
    incident.callEnds({ calls: 4 });
    incident.timerFires();
    expect(incident.told('waiting').at(-1)).toMatchObject({ reason: 'budget' });
  });

  test('a run that rang nobody costs nothing', () => {
    const incident = tight(1);
    incident.callEnds({ outcome: 'refused', calls: 0 });
    incident.timerFires();
    expect(incident.placed).toHaveLength(2);
  });

  test('a run of our own contacts begins only when there is room for all that it may place', () => {
    const contact = { displayName: '田中', phones: [{ phoneNumber: '0300000001' }] };
    const call = [{ callflow: { loopLimit: 2, contacts: [contact, contact] }, guidanceId: 'g' }];
    const incident = new Incident(
      policyOf({ primary: step({ call, attempts: 2 }) }, { budget: { calls: 5, within: '1h' } }),
    );
    incident.callEnds({ calls: 2 });
    incident.timerFires();
    expect(incident.told('waiting').at(-1)).toMatchObject({ reason: 'budget', until: 60 * MINUTE });
  });

  test('a run of whoever is on duty begins only when there is room for all telephones of the shift that has the most', () => {
    const person = { name: '田中', phones: ['0300000001', '0300000002'] };
    const shift = { from: '2026-12-01T00:00:00Z', until: null, layer: null, next: ['sato'] };
    const directory = {
      people: { tanaka: person, sato: person },
      schedules: {
        web: [
          { ...shift, people: ['sato'] },
          { ...shift, people: ['tanaka', 'sato'] },
        ],
      },
    };
    const local = { ito: { name: '伊藤', phones: ['0300000003'] } };
    const callees = { loopLimit: 1, contacts: [{ onDuty: 'web' }, { onDuty: 'web', next: 1 }, 'ito'], local };
    const placedWith = (calls: number) => {
      const call = [{ callees, guidanceId: 'g' }];
      const incident = new Incident(
        policyOf({ primary: step({ call, attempts: 2 }) }, { budget: { calls, within: '1h' }, directory }),
      );
      incident.callEnds({ calls: 1 });
      incident.timerFires();
      return incident.placed;
    };
    expect(placedWith(8)).toHaveLength(2);
    expect(placedWith(7)).toHaveLength(1);
  });

  test('a lost run counts with all that it may have placed', () => {
    const incident = tight(1);
    incident.callEnds({ outcome: 'unknown', calls: 0 });
    incident.timerFires();
    expect(incident.told('waiting').at(-1)).toMatchObject({ reason: 'budget' });
  });

  test('an attempt larger than the whole budget is placed once the span is empty: rather once too many than never', () => {
    const call = [{ callflowId: 'a', guidanceId: 'g' }, { callflowId: 'b', guidanceId: 'g' }]; // prettier-ignore
    const incident = new Incident(policyOf({ primary: step({ call }) }, { budget: { calls: 1, within: '1h' } }));
    expect(incident.placed).toEqual(['primary 1']);
  });
});

describe('at its edges', () => {
  test('what the budget remembers stays small: 100,000 calls within 30d are 100,000 entries, about 3 MB of state', () => {
    const policy = policyOf(
      { primary: step({ attempts: 'unlimited', every: '1s' }) },
      { budget: { calls: 100_000, within: '30d' } },
    );
    const incident = new Incident(policy);
    for (let call = 0; call < 5_000; call += 1) {
      incident.actions.length = incident.timeline.length = 0;
      incident.passes(2_000).callEnds({ calls: 1 });
      incident.timerFires();
    }
    expect(JSON.stringify(incident.state).length).toBeLessThan(20_000);
  });
});
