export const TASK_QUEUE = 'another-team';
export const INVOKE_TASK_QUEUE = 'another-team-invoke';
