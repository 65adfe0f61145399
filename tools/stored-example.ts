import type { StoredItems } from '../src/emulator/stored.js';

/** The call flow and the guidance of the README, as the demo and `npm run dev` have them stored. */
export const CALLFLOW_ID = '049de6fc-0000-4000-8000-000000000001';
export const GUIDANCE_ID = '570e6f71-0000-4000-8000-000000000001';

export const STORED: StoredItems = {
  callflows: [
    {
      callflowId: CALLFLOW_ID,
      name: '障害対応',
      loopLimit: 3,
      contacts: [{ displayName: '田中', phones: [{ phoneNumber: '0300000001' }] }],
    },
  ],
  guidances: [
    {
      guidanceId: GUIDANCE_ID,
      name: '障害コール',
      messageTemplate: '{{server}}に{{incident}}を検出しました。対応できる場合は1を押してください。',
      reactions: { '1': { behavior: 'terminate', messageTemplate: '対応をお願いします。' } },
    },
  ],
};
