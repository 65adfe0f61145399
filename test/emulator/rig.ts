import { onTestFinished, expect } from 'vitest';
import {
  EMULATOR_TOKEN,
  type Emulator,
  type EmulatorOptions,
  type ManualClock,
  manualClock,
  startEmulator,
} from '../../src/emulator/emulator.js';

export const START = Date.parse('2024-04-01T00:00:00.000Z');

export const HEADERS = { 'x-authorization': `Token ${EMULATOR_TOKEN}` };

interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // Tests look into answers of every shape.
  readonly json: Record<string, unknown>;
}

export interface Rig {
  readonly emulator: Emulator;
  readonly clock: ManualClock;
  readonly request: (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Reply>;
  readonly invoke: (params?: unknown) => Promise<Reply>;
  /** Invokes, and gives back the id of the run. */
  readonly start: (params?: unknown) => Promise<string>;
  readonly result: (resultId: string) => Promise<Record<string, unknown>>;
  /** Statuses of the calls of a run. */
  readonly statuses: (resultId: string) => Promise<readonly unknown[]>;
  readonly abort: (resultId: string) => Promise<Reply>;
  readonly calls: (query?: string) => Promise<Record<string, unknown>>;
  /** The telephone call in progress. */
  readonly ringing: () => string;
}

/** An emulator at a manual clock, which is closed after the test, and fails it on a call that nobody expected. */
export async function rig(
  options: EmulatorOptions = {},
  check: 'strict' | 'unexpectedAllowed' = 'strict',
): Promise<Rig> {
  const clock = manualClock(START);
  const emulator = await startEmulator({ clock, ...options });
  onTestFinished(async () => {
    await emulator.close();
    if (check === 'strict') expect(emulator.unexpectedCalls).toEqual([]);
  });

  const request: Rig['request'] = async (method, path, body, headers = HEADERS) => {
    const response = await fetch(`${emulator.url}${path}`, {
      method,
      headers,
      redirect: 'manual',
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: objectIn(text) };
  };
  const invoke: Rig['invoke'] = (params = order()) => request('POST', '/api/apps/pigeon/chain/invoke', { params });
  const result: Rig['result'] = async (id) => (await request('GET', `/api/apps/pigeon/results/${id}`)).json;
  return {
    emulator,
    clock,
    request,
    invoke,
    async start(params) {
      const { json } = await invoke(params);
      expect(json['status']).toBe('requested');
      return String(json['resultId']);
    },
    result,
    statuses: async (id) => callsOf(await result(id)).map((call) => call['status']),
    abort: (resultId) => request('POST', '/api/apps/pigeon/chain/abort', { resultId }),
    calls: async (query = '') => (await request('GET', `/api/apps/pigeon/calls${query}`)).json,
    ringing() {
      const call = emulator.space.calls().find(({ phase }) => phase !== 'ended');
      if (call === undefined) throw new Error('No telephone rings.');
      return call.callId;
    },
  };
}

export const TANAKA = { displayName: '田中', phones: [{ phoneNumber: '0300000001' }] };
export const YAMADA = { displayName: '山田', phones: [{ phoneNumber: '0300000002' }] };
export const SUZUKI = { displayName: '鈴木', phones: [{ phoneNumber: '0300000003' }] };

/** 20 characters: read in 4 s. */
export const MESSAGE = '障害です。対応は1、次は2を押して下さい';
export const READING_MS = 4_000;

export const GUIDANCE = {
  messageTemplate: MESSAGE,
  reactions: {
    '1': { behavior: 'terminate', messageTemplate: 'お願いします。' },
    '2': { behavior: 'continue', messageTemplate: '次へ。' },
    '3': { behavior: 'leave', messageTemplate: '外します。' },
  },
};

/** An ad-hoc order: Tanaka once, unless told otherwise. */
export function order(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return { callflow: { loopLimit: 1, contacts: [TANAKA] }, guidance: GUIDANCE, ...changes };
}

export function callsOf(json: Record<string, unknown>): readonly Record<string, unknown>[] {
  return listIn(json, 'calls');
}

export function itemsOf(json: Record<string, unknown>): readonly Record<string, unknown>[] {
  return listIn(json, 'items');
}

function listIn(json: Record<string, unknown>, key: string): readonly Record<string, unknown>[] {
  const list: unknown = json[key];
  return Array.isArray(list) ? list.filter((item) => isObject(item)) : [];
}

function objectIn(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
