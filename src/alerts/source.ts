import { SEVERITIES } from '../contract/severity.js';
import { type AlertDraft, alertOf, type InternalAlert } from './alert.js';
import { type BodyProblem, type Field, UnfitField } from './field.js';

/** A request of a sender, as far as a format may look at it. */
export interface SourceRequest {
  /** By name in small letters. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly query: Readonly<Record<string, string | undefined>>;
  /** The JSON that came; the text itself where it is none; undefined without a body. */
  readonly body: unknown;
  /** How many elements of `longList` were not read, since the body is too large. Default 0. */
  readonly leftOut?: number;
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
  /** Elements of a list that do not fit; those beside them are taken. */
  readonly refused?: readonly BodyProblem[];
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
  /**
   * A list at the top of the body that may be longer than what is read of a body: what is behind the bound is left out, and
   * counted. Without one a body that is too large is refused.
   */
  readonly longList?: string;
  /** So many alerts of a request are taken, the most severe ones; the others are refused by one problem. Default: all. */
  readonly maxAlerts?: number;
  /** The key of the integration, for senders that write it into the body and not into the address. */
  readonly keyOf?: (request: SourceRequest) => string | undefined;
  /** How the tool that sends names itself, where two of one kind could be taken for one. */
  readonly senderOf?: (request: SourceRequest) => string | undefined;
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
      readonly refused?: readonly BodyProblem[];
    })
  | { readonly ok: false; readonly problem: BodyProblem };

/** A sender's request as alerts of ours. Never throws for what was sent. */
export function receive(name: string, source: Source, request: SourceRequest, context: SourceContext): Received {
  try {
    const { alerts, ignored = [], refused = [], ...rest } = source.read(request, context);
    // Where nothing is left to call about, it is the request that does not fit.
    if (alerts.length === 0 && refused[0] !== undefined) return { ok: false, problem: refused[0] };
    const { taken, beyond } = mostSevere(
      alerts.map((draft) => alertOf(draft, name)),
      source.maxAlerts,
    );
    const problems = [...refused, ...beyond];
    return {
      ok: true,
      alerts: taken,
      ignored: ignored.map((reason) => ({ reason })),
      ...(problems.length > 0 && { refused: problems }),
      ...rest,
    };
  } catch (error) {
    if (error instanceof UnfitField) return { ok: false, problem: error.problem };
    throw error;
  }
}

/** In the order in which they came; what ends something gives way first, since an incident that stays open calls. */
function mostSevere(alerts: readonly InternalAlert[], most = Infinity) {
  if (alerts.length <= most) return { taken: alerts, beyond: [] };
  const rank = ({ action, severity }: InternalAlert) =>
    action === 'trigger' ? SEVERITIES.indexOf(severity) : SEVERITIES.length;
  const kept = new Set(alerts.toSorted((a, b) => rank(a) - rank(b)).slice(0, most));
  const message =
    `${alerts.length - most} of ${alerts.length} alerts were not taken: a request has at most ${most}, ` +
    'and the most severe ones are; send the others in further requests';
  return { taken: alerts.filter((alert) => kept.has(alert)), beyond: [{ pointer: '', message }] };
}

const MAX_PROBLEMS = 100;

/** Reads each element of a list; one that does not fit does not keep those beside it from calling. */
export function readEach(
  elements: readonly Field[],
  read: (element: Field) => AlertDraft,
): Pick<SourceReading, 'alerts' | 'refused'> {
  const alerts: AlertDraft[] = [];
  const refused: BodyProblem[] = [];
  for (const element of elements) {
    try {
      alerts.push(read(element));
    } catch (error) {
      if (!(error instanceof UnfitField)) throw error;
      if (refused.length < MAX_PROBLEMS) refused.push(error.problem);
    }
  }
  return { alerts, refused };
}
