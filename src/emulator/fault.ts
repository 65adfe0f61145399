/** A fault that befalls one request or its answer. `Before`: the space never hears of it. `After`: it has done its part. */
export type Fault =
  /** The request is read, and that is all. */
  | { readonly kind: 'hangBeforeHandling' | 'hangAfterHandling' }
  /** The connection is reset without an answer. */
  | { readonly kind: 'resetBeforeHandling' | 'resetAfterHandling' }
  /** Another answer than the space's own. */
  | ({ readonly kind: 'status' | 'statusAfterHandling' } & StatusFault)
  /** 200 with a body that is no JSON. */
  | { readonly kind: 'garbage' | 'garbageAfterHandling' }
  /** Half of the space's answer, then the connection ends. */
  | { readonly kind: 'cutOff' }
  /** The space's answer, so many real milliseconds late. */
  | { readonly kind: 'slow'; readonly ms: number }
  /** 302 to another place, `/login` by default. */
  | { readonly kind: 'redirect'; readonly location?: string };

interface StatusFault {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Default: for 4xx the words of the space itself, else empty. */
  readonly body?: string;
}

export type FaultKind = Fault['kind'];

export type Moment = 'beforeHandling' | 'afterHandling';

/** Whether the space has handled the request when the fault befalls it. */
export function momentOf(fault: Fault): Moment {
  switch (fault.kind) {
    case 'hangBeforeHandling':
    case 'resetBeforeHandling':
    case 'status':
    case 'garbage':
    case 'redirect':
      return 'beforeHandling';
    case 'hangAfterHandling':
    case 'resetAfterHandling':
    case 'statusAfterHandling':
    case 'garbageAfterHandling':
    case 'cutOff':
    case 'slow':
      return 'afterHandling';
    default:
      return fault satisfies never;
  }
}
