import type { ConfirmInput, DutyAnswer, OverrideInput, SwapInput, TakeInput } from '../client.js';
import type { ACTIONS } from './api-schemas.js';
import { type Asked, LIMIT, type Operation } from './operation.js';

const PATH = '/v1/schedules/:schedule/overrides';
const ANSWERS = {
  200: { schema: 'DutyAnswer', description: 'Done, or so already; every worker knows.' },
  409: { schema: 'DutyAnswer', description: 'It cannot be: nothing was changed.' },
} as const satisfies Operation['answers'];

/** Who takes over whose duty. */
export const DUTY_OPERATIONS: readonly Operation[] = [
  {
    id: 'listOverrides',
    method: 'GET',
    path: PATH,
    needs: 'read',
    summary: 'List the overrides of a schedule that are not in its file.',
    answers: { 200: { schema: 'DutyOverrides', description: 'The overrides; none where there is no such schedule.' } },
    work: async ({ duty }) => ({ status: 200, body: await duty.overrides(LIMIT) }),
  },
  {
    id: 'override',
    method: 'POST',
    path: PATH,
    needs: 'schedule',
    summary:
      'Put somebody on duty, take over, swap two shifts, or confirm. With `preview` it only says what it comes to.',
    body: 'DutyAction',
    answers: ANSWERS,
    work: async (asked) => answered(await carriedOut(asked)),
  },
  {
    id: 'removeOverride',
    method: 'DELETE',
    path: `${PATH}/:number`,
    needs: 'schedule',
    summary: 'Take an override back, as if it had never been made. It stays in the list.',
    body: 'RemoveOverride',
    answers: ANSWERS,
    work: async ({ duty, number, body, by }) => answered(await duty.remove({ ...body, number, by }, LIMIT)),
  },
];

/** What the fields of other actions say is ignored. */
function carriedOut({ duty, body: { action, ...given }, by }: Asked): Promise<DutyAnswer> {
  const wanted = action as (typeof ACTIONS)[number];
  switch (wanted) {
    case 'override':
      return duty.override({ ...(given as OverrideInput), by }, LIMIT);
    case 'take':
      return duty.take({ ...(given as TakeInput), by }, LIMIT);
    case 'swap':
      return duty.swap({ ...(given as SwapInput), by }, LIMIT);
    case 'confirm':
      return duty.confirm({ ...(given as ConfirmInput), by }, LIMIT);
    default:
      return wanted satisfies never;
  }
}

const answered = (answer: DutyAnswer) => ({ status: answer.accepted ? 200 : 409, body: answer });
