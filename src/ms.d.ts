// `ms` publishes no type condition that NodeNext finds, and without it Temporal's `Duration` silently becomes `any`.
declare module 'ms' {
  type Unit =
    'ms' | 's' | 'm' | 'h' | 'd' | 'second' | 'seconds' | 'minute' | 'minutes' | 'hour' | 'hours' | 'day' | 'days';
  export type StringValue = `${number}` | `${number}${Unit}` | `${number} ${Unit}`;
}
