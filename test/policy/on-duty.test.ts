import { describe, expect, test } from 'vitest';
import { readPolicy } from '../../src/policy/read-policy.js';
import { messages, oneStep, policyOf } from './policies.js';

const CALL = (contacts: string, more = '') =>
  oneStep(`{ call: { contacts: ${contacts}, say: "{{server}}、1" }, keys: { 1: acknowledge }${more} }`);
const said = (text: string, known: Parameters<typeof readPolicy>[1]) =>
  readPolicy(text, known).problems.map(({ severity, message }) => `${severity}: ${message}`);

describe('a policy that names a schedule', () => {
  test('has whom it calls as it is written, and its own contacts, since each may be on duty', () => {
    const [call] = policyOf(CALL('[{ onDuty: web }, { onDuty: web, next: 1 }, tanaka]')).steps['primary']?.call ?? [];
    expect(call?.callflow).toBeUndefined();
    expect(call?.callees).toEqual({
      loopLimit: 1,
      contacts: [{ onDuty: 'web' }, { onDuty: 'web', next: 1 }, 'tanaka'],
      local: {
        tanaka: { name: '田中', phones: ['0300000001'] },
        yamada: { name: 'yamada', phones: ['+81300000002'] },
      },
    });
  });

  test('and nobody else has an error: a gap would end in silence', () => {
    expect(messages(CALL('[{ onDuty: web }]'))).toEqual([
      expect.stringMatching(/^error: the step "primary" is the last, and everybody in it depends on a schedule/),
    ]);
  });

  test('in a circle has an error where no step of it has somebody who is named', () => {
    const circle = CALL('[{ onDuty: web }]', ', otherwise: { escalate: primary }');
    expect(messages(circle).filter((message) => message.startsWith('error'))).toHaveLength(1);
  });

  test('that is not there has an error, where it is known which there are', () => {
    const text = CALL('[{ onDuty: wbe }, tanaka, yamada]');
    expect(said(text, {})).toEqual([]);
    expect(said(text, { schedules: ['web'] })).toEqual(['error: there is no schedule "wbe"; did you mean "web"?']);
  });

  test('`nobody: otherwise` may be written', () => {
    expect(messages(CALL('[{ onDuty: web }, tanaka, yamada]', ', nobody: otherwise'))).toEqual([]);
  });
});

describe('a policy that names people of the file', () => {
  test('has an error where the file has nobody of that handle', () => {
    const text = CALL('[tanaka, yamada, suzki]');
    expect(said(text, { people: ['suzuki'] })).toEqual(['error: there is no contact "suzki"; did you mean "suzuki"?']);
  });

  test('has a warning where it has a contact of the same handle, which wins', () => {
    expect(said(CALL('[tanaka, yamada]'), { people: ['tanaka'] })).toEqual([
      expect.stringMatching(/^warning: "tanaka" is in the file of people too/),
    ]);
  });

  test('keeps the call flow of a call that names its own contacts alone: its numbers are frozen as before', () => {
    const text = CALL('[tanaka, yamada]');
    const reading = readPolicy(text, { people: ['tanaka', 'suzuki'] });
    expect(reading.ok && reading.policy).toEqual(policyOf(text));
  });
});
