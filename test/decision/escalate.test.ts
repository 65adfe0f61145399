import { describe, expect, test } from 'vitest';
import { Incident, MINUTE } from './incident.js';
import { policyOf, step } from './policy-of.js';

const POLICY = policyOf({
  primary: step({ attempts: 2, otherwise: { kind: 'escalate', step: 'manager' } }),
  manager: step(),
  database: step(),
});
const open = () => new Incident(POLICY);

describe('escalate', () => {
  test("goes to the step's `otherwise`, or to the step that it names", () => {
    const incident = open();
    expect(incident.asks({ kind: 'escalate', by: 'sato' }).message).toBe(
      '"manager" is called as soon as what rings is hung up.',
    );
    incident.callEnds({ outcome: 'hungUp' });
    incident.asks({ kind: 'escalate', to: 'database' });
    incident.callEnds({ outcome: 'hungUp' });
    expect(incident.placed).toEqual(['primary 1', 'manager 1', 'database 1']);
  });

  test('from a step that is over changes nothing', () => {
    const incident = open();
    incident.asks({ kind: 'escalate', from: 'primary' });
    expect(incident.asks({ kind: 'escalate', from: 'primary' })).toMatchObject({
      accepted: false,
      message: '"primary" is not being called: "manager" is. Nothing was changed.',
    });
  });

  test('from a step, while somebody owns it, changes nothing', () => {
    const incident = open();
    incident.callEnds({ keyInput: '1' });
    expect(incident.asks({ kind: 'escalate', from: 'primary' }).accepted).toBe(false);
    expect(incident.contractState).toBe('acknowledged');
  });

  test('without a guard, while somebody owns it, calls others, and nobody owns it', () => {
    const incident = open();
    incident.callEnds({ keyInput: '1' });
    expect(incident.asks({ kind: 'escalate', to: 'manager' })).toMatchObject({ accepted: true, owner: null });
    expect(incident.told('released')).toHaveLength(1);
  });

  test('to the step that is being called already, changes nothing', () => {
    const incident = open();
    expect(incident.asks({ kind: 'escalate', to: 'primary' }).accepted).toBe(true);
    expect(incident.did('hangUpCalls')).toHaveLength(0);
  });

  test('to the step that waits for its next attempt, calls it now', () => {
    const incident = open();
    incident.callEnds();
    incident.asks({ kind: 'escalate', to: 'primary' });
    expect(incident.placed).toEqual(['primary 1', 'primary 1']);
  });

  test.for([
    ['nowhere', 'The policy has no step "nowhere". It has primary, manager, database.'],
    ['constructor', 'The policy has no step "constructor". It has primary, manager, database.'],
  ])('to a step that does not exist (%s), says which there are', ([to, message]) => {
    expect(open().asks({ kind: 'escalate', ...(to === undefined ? {} : { to }) })).toMatchObject({
      accepted: false,
      message,
    });
  });

  test('from the last step, asks for a step rather than ending in nobody', () => {
    const incident = open();
    incident.asks({ kind: 'escalate', to: 'database' });
    incident.callEnds({ outcome: 'hungUp' });
    expect(incident.asks({ kind: 'escalate' })).toMatchObject({
      accepted: false,
      state: 'triggered',
      message: 'Nothing comes after "database". Name a step: primary, manager, database.',
    });
  });
});

describe('at its edges', () => {
  test('escalate does not say "is called now" when the budget makes it wait', () => {
    const incident = new Incident(
      policyOf({ primary: step(), manager: step() }, { budget: { calls: 1, within: '1d' } }),
    );
    incident.passes(MINUTE);
    const asked = incident.asks({ kind: 'escalate', to: 'manager' });
    incident.callEnds({ outcome: 'hungUp', calls: 1 });
    expect(incident.contractState).toBe('triggered');
    expect(incident.live).toEqual([]); // it waits for the budget, for a day
    const again = incident.asks({ kind: 'escalate', to: 'primary' });
    expect(incident.live).toEqual([]);
    expect([asked.message, again.message]).not.toContain('"primary" is called now.');
  });

  test('escalate to the step whose calls were just hung up calls it; it does not say that it is being called already', () => {
    const incident = new Incident(policyOf({ primary: step({ attempts: 3, every: '1h' }) }));
    incident.asks({ kind: 'hangUp', by: 'sato' });
    const { message } = incident.asks({ kind: 'escalate', to: 'primary' });
    incident.callEnds({ outcome: 'hungUp', calls: 1 });
    expect(message).not.toContain('already');
    expect(incident.live).toHaveLength(1); // today: nobody is called for an hour
  });
});
