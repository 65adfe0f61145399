import { type AlertDraft, alertOf, type InternalAlert } from './alert.js';
import { type BodyProblem, UnfitField } from './field.js';

/** A request of a sender, as far as a format may look at it. */
export interface SourceRequest {
  /** By name in small letters. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly query: Readonly<Record<string, string | undefined>>;
  /** The JSON that came; the text itself where it is none; undefined without a body. */
  readonly body: unknown;
}

/** What a format needs from outside, and what its integration is configured for. */
export interface SourceContext {
  /** A key for an alert that comes without one, such as a UUID. */
  readonly newKey: () => string;
  /** ARNs of the SNS topics that may send here. Without any, every topic may, and no subscription is confirmed. */
  readonly topics?: readonly string[];
  /** Whether SNS may deliver without its envelope, and so without a signature. Default false. */
  readonly rawDelivery?: boolean;
}

/** What an adapter makes of a request. */
export interface SourceReading {
  readonly alerts: readonly AlertDraft[];
  /** Why something calls nobody, for the log of the gateway. */
  readonly ignored?: readonly string[];
  /** What the sender expects to read when it is accepted. */
  readonly answer?: Readonly<Record<string, string>>;
  /** An address to get, by which a subscription is confirmed. Only ever one that this format has checked. */
  readonly confirm?: string;
}

/**
 * One format of alerts: a file in `sources/`, whose name is the format's. It exports `source`.
 */
export interface Source {
  /** Reads a request. Throws what its {@link Field}s throw where the body does not fit. */
  readonly read: (request: SourceRequest, context: SourceContext) => SourceReading;
  /** The key of the integration, for senders that write it into the body and not into the address. */
  readonly keyOf?: (request: SourceRequest) => string | undefined;
  /** Proves that the sender signed it; null when it did. Asked before `read`. */
  readonly verify?: (
    request: SourceRequest,
    context: SourceContext,
    fetchCertificate: FetchCertificate,
  ) => Promise<BodyProblem | null>;
  /** What the sender expects to read when it is refused; problem details (RFC 9457) where there is none. */
  readonly refusal?: (problem: BodyProblem) => Readonly<Record<string, unknown>>;
}

/** Gets a certificate in PEM form. The address has been checked; keep what was fetched, there are few. */
export type FetchCertificate = (address: string) => Promise<string>;

export type Received =
  | (Pick<SourceReading, 'answer' | 'confirm'> & {
      readonly ok: true;
      readonly alerts: readonly InternalAlert[];
      readonly ignored: readonly { readonly reason: string }[];
    })
  | { readonly ok: false; readonly problem: BodyProblem };

/** A sender's request as alerts of ours. Never throws for what was sent. */
export function receive(name: string, source: Source, request: SourceRequest, context: SourceContext): Received {
  try {
    const { alerts, ignored = [], ...rest } = source.read(request, context);
    return {
      ok: true,
      alerts: alerts.map((draft) => alertOf(draft, name)),
      ignored: ignored.map((reason) => ({ reason })),
      ...rest,
    };
  } catch (error) {
    if (error instanceof UnfitField) return { ok: false, problem: error.problem };
    throw error;
  }
}
