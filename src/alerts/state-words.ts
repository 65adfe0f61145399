import { knownSeverity, normalWord, type Severity } from '../contract/severity.js';
import type { AlertAction, InternalAlert } from './alert.js';

/**
 * What the words of a status say, in every source. An end that is not understood wakes people, and leaves its incident open;
 * so what says that it is over is read generously, unless the same text also speaks of trouble. A word that is nowhere
 * here is no end.
 */
const STATE_WORDS: Readonly<Record<AlertAction, readonly string[]>> = {
  resolve:
    listed(`resolve, resolved, recover, recovered, recovery, close, closed, clear, cleared, all clear, ok, okay, none,
    normal, back to normal, healthy, up, online, good, green, compliant, fixed, solved, restored, passed, success, succeeded,
    successful, complete, completed, done, ended, finished, auto resolved, auto closed, 正常, 復旧, 復帰, 回復, 解消, 解決, 解除,
    終息, 収束, 終了, 完了, クローズ, 平常, 対応済み, 対応完了, 異常なし, 障害なし, 問題なし`),
  acknowledge: listed('acknowledge, acknowledged, ack, acked, 確認済み, 対応中'),
  trigger:
    listed(`trigger, triggered, re-triggered, fire, firing, alarm, alerting, problem, open, opened, reopened, active, new,
    unresolved, down, offline, fail, failed, failure, failing, unhealthy, degraded, timed out, aborted, stopped, terminated,
    red, yellow, non compliant, no data, insufficient data, 発生, 発報, 検知, 障害発生, 異常発生, 異常終了, 未復旧, 継続中`),
};

function listed(words: string): readonly string[] {
  return words.split(/,\s+/);
}

const KNOWN = new Map(
  (['resolve', 'acknowledge', 'trigger'] as const).flatMap((action) =>
    STATE_WORDS[action].map((word) => [normalWord(word), action] as const),
  ),
);
/** 復旧しました, 障害復旧, 正常に復帰, 解消済み: an end with what people write around it. Never 未復旧 or 復旧見込み. */
const JAPANESE_END =
  /^(?:(?:障害|異常|警報|警告|アラート|アラーム|問題|サービス|システム)[はがのから]{0,2})?(?:自動|正常に?|通常に?)?(?:正常|復旧|復帰|回復|解消|解決|解除|終息|収束|正常終了|正常完了)(?:確認)?(?:に復帰|に復旧|に戻りました|に戻った|済み?|完了|しました|されました|した|です)?$/;
const DOUBT = /未|一部|部分|失敗|継続|待ち|見込|中$|^(?:not|never|partial|partly|cannot|failed)/;
/** A status is a word or two; what is longer is a report. */
const LONGEST_STATUS = 80;

/** What a status says: a word, or a few with signs between them, `正常（復旧）`, `WARNING -> OK`. Undefined when no table knows it. */
export function stateOf(written: string | undefined): AlertAction | undefined {
  if (written === undefined || written.length > LONGEST_STATUS) return undefined;
  const now = written
    .normalize('NFKC')
    .split(/→|⇒|[-=]>/)
    .at(-1);
  const parts = (now ?? '')
    .split(/[()[\]{}【】「」<>:/|,、。;!*]|\.(?=\s|$)|\s[-–—]\s/u)
    .map(normalWord)
    .filter((part) => part !== '' && !/^\d+$/.test(part));
  const states = parts.map(ofWord);
  const isDoubtful = parts.some((part, index) => states[index] === undefined && DOUBT.test(part));
  if (states.includes('trigger') || (isDoubtful && states.some((state) => state !== undefined))) return 'trigger';
  return states.find((state) => state !== undefined);
}

function ofWord(word: string): AlertAction | undefined {
  const state = KNOWN.get(word);
  if (state !== undefined) return state;
  if (JAPANESE_END.test(word)) return 'resolve';
  const severity = knownSeverity(word);
  return severity === undefined || severity === 'info' ? undefined : 'trigger';
}

const WEAK_ENDS = new Set(listed('complete, completed, done, ended, finished, 終了, 完了').map(normalWord));

/** Whether it says that something has ended, but not how: a job that has failed is finished too. */
export function isWeakEnd(written: string): boolean {
  return WEAK_ENDS.has(normalWord(written));
}

/** Words that end a status, but as the last one of a type are about something else: `cluster.scale.up`. */
const NO_END_OF_TYPE = ['up', 'online', 'none', 'good', 'green', 'done', 'open', 'alert', 'new'];
const BEFORE_NO_END = ['not', 'un', 'never', 'no', 'to', 'partially', 'partly', 'cannot', 'failed', 'non'];

/**
 * What the name of an event says by its last word, whatever version follows it: `com.example.disk.resolved.v1`,
 * `Microsoft.AlertsManagement.AlertResolved`, `disk-recovered`.
 */
export function stateOfType(type: string): AlertAction | undefined {
  const segments = type.slice(0, 500).split(/[./:]/);
  while (segments.length > 1 && /^(?:v?\d[\w-]*)?$/i.test(segments.at(-1) ?? '')) segments.pop();
  const words = (segments.at(-1) ?? '')
    .replaceAll(/(\p{Ll}|\d)(?=\p{Lu})/gu, '$1 ')
    .split(/[\s_-]+/)
    .map((word) => word.toLowerCase());
  // disk-resolved-v2
  while (words.length > 1 && /^v\d+$/.test(words.at(-1) ?? '')) words.pop();
  const last = words.at(-1) ?? '';
  if (NO_END_OF_TYPE.includes(last) || BEFORE_NO_END.includes(words.at(-2) ?? '')) return undefined;
  return ofWord(normalWord(last));
}

const MARKED =
  /^[\s*]{0,9}(?:\[([^\][]{1,30})\]|【([^】]{1,20})】|([\p{L} ]{1,20}?)\s{0,3}[:：]|(PROBLEM|RECOVERY|ACKNOWLEDGEMENT)\b)/iu;

/** `Success: false`, `Complete: 0 of 5 replicas`, `Recovery: failed to start`. */
const DENIED =
  /^(?:false|not|never|failed to|failure|いいえ|不可|未)(?![\p{L}\p{N}])|^no(?=$|\s{0,3}[^\s\p{L}\p{N}])|^0(?=$|\s{0,3}(?:of\b|out of\b|\/))|^(?:失敗|できま|未(?:完了|復旧|解決|解消))/iu;
/** Behind brackets stands the name of the trouble, `[RESOLVED] No data`, so only a denial that is all of it counts. */
const DENIED_WHOLLY =
  /^(?:false|no|not yet|never|0|failed|failure|いいえ|不可|(?:失敗|できません|できませんでした|未完了|未復旧|未解決|未解消)(?:しました)?)[\s.!。！]{0,9}$/iu;

interface Mark {
  readonly state: AlertAction;
  readonly rest: string;
  /** Whether an end with the same words may follow. `Error:` and 障害： say how bad it is, and nothing ever takes them back. */
  readonly pairs: boolean;
}

/** The mark of its state before a subject, and what follows: `[RESOLVED] DiskFull`, `OK: "web-1" in Tokyo`, `【復旧】DB`. */
export function markOf(subject: string): Mark | undefined {
  const found = MARKED.exec(subject);
  if (found === null) return undefined;
  const word = found.slice(1).find((group) => group !== undefined) ?? '';
  const state = stateOf(word.replace(/:\d+$/, ''));
  if (state === undefined) return undefined;
  const isBracketed = found[3] === undefined && found[4] === undefined;
  const rest = subject.slice(found[0].length).trim();
  if (state === 'resolve' && (isBracketed ? DENIED_WHOLLY : DENIED).test(rest)) return undefined;
  const isSeverity = state === 'trigger' && !KNOWN.has(normalWord(word)) && knownSeverity(word) !== undefined;
  return { state, rest, pairs: isBracketed || !isSeverity };
}

/** What words of one's own mean, by the routing file: in the form of `normalWord`. */
export type OwnSeverities = ReadonlyMap<string, Severity>;

/** Reads the severity by the words of a routing file, which win over every table. */
export function withSeverities(alert: InternalAlert, own: OwnSeverities): InternalAlert {
  const severity = alert.severityWord === undefined ? undefined : own.get(normalWord(alert.severityWord));
  if (severity === undefined) return alert;
  const { unknownWords, ...rest } = alert;
  return {
    ...rest,
    severity,
    ...(unknownWords?.state !== undefined && { unknownWords: { state: unknownWords.state } }),
  };
}
