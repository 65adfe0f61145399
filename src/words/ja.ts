/** The texts of `en.ts`, as Japanese operators write them. さん follows names in sentences, and not in tables. */
import { durationMs } from '../contract/duration.js';
import type { Words } from './en.js';

const STATES = {
  triggered: '呼び出し中',
  blocked: '架電できません（要対処）',
  snoozed: 'スヌーズ中',
  acknowledged: '対応中',
  resolved: '解決済み',
  exhausted: '応答なしで終了（未対応）',
  cancelled: '取り消し',
  terminated: '強制終了',
  failed: '失敗',
};

const SEVERITIES = { critical: '重大', error: 'エラー', warning: '警告', info: '情報' };

export const ja: Words = {
  general: {
    duration,
    nobody: 'なし',
    nothing: 'なし',
    owner: (by, keyInput, step) => (keyInput === null ? san(by) : `${san(by)}（「${step}」で ${keyInput} を押下）`),
    ownerInTable: (by, keyInput, step) =>
      keyInput === null ? named(by) : `${named(by)}（「${step}」で ${keyInput} を押下）`,
    people: (names) => `（${names}）`,
    reference: (reference) => `（参照情報 ${reference}）`,
    states: STATES,
    severities: SEVERITIES,
  },

  timeline: {
    opened: (severity, summary, policy) =>
      `インシデントを開始しました（${severityOf(severity)}）：${summary}。ポリシー「${policy}」。`,
    alertChanged: (summary, from, to) =>
      `再度の報告で内容が変わりました：${summary}（${severityOf(from)} → ${severityOf(to)}）。`,
    policyUnreadable: (policy, reason) =>
      `架電できません（要対処）：ポリシー「${policy}」を読み込めないため、誰にも架電していません：${reason}`,
    policyRead: (policy) => `ポリシー「${policy}」を読み込みました。`,
    policyGivenUp: (policy) =>
      `誰にも架電しませんでした：ポリシー「${policy}」を 1 日読み込めなかったため、再試行を終了します。`,
    levelBeganLater: (level, step) => `第 ${level} 段階：次は「${step}」です。`,
    levelBegan: (level, step) => `第 ${level} 段階：「${step}」に架電します。`,
    levelEnded: (level, step, calls, ending) =>
      `第 ${level} 段階（「${step}」）が終了しました。架電 ${calls} 件：${ending}。`,
    levelAnswered: (who, keyInput) => `${san(who)}が ${keyInput} を押しました`,
    levelUnanswered: '予定の回数を終えました',
    levelNotPlaced: 'Pigeon に空きがないか、回線が空かないため次に譲り、次の周回で再び架電します',
    levelNobody: '架電先がありませんでした',
    levelStoodDown: '停止しました',
    callsPlaced: (attempt, attempts, step, calls) =>
      `「${step}」の ${attempt} 回目${attempts === null ? '' : `（全 ${attempts} 回）`}：連絡を ${calls} 件開始しました。`,
    callEnded: (step, calls, end) => `「${step}」の連絡が終了しました。架電 ${calls} 件：${end}。`,
    callOutcomes: {
      answered: '応答あり',
      unanswered: '有効なキー入力なし',
      rejected: 'Pigeon のキューに空きがないまま終了',
      aborted: 'Pigeon で中止',
      timedOut: '時間切れ',
      unknown: '発信結果不明',
      refused: 'Pigeon が内容を受け付けず',
      hungUp: 'こちらから切断',
      nobody: '誰にも架電しませんでした',
    },
    pressedToo: (who, keyInput) => `、${san(who)}が ${keyInput} を押下`,
    because: (message) => `（${message}）`,
    callBlocked: (step, reason) =>
      `架電できません（要対処）：「${step}」の連絡を進められません：${reason}。自動的に再開します。回数には数えません。`,
    callUnblocked: (step) => `「${step}」の連絡を再開しました。`,
    callWaiting: (step, reason) =>
      `回線待ち：「${step}」の連絡を受け付ける空きがありません。${reason}再び依頼します。回数には数えません。`,
    callTaken: (step) => `「${step}」の回線待ちが終わりました。`,
    levelLost: (step, message) =>
      `段階「${step}」のワークフローが失われました：${message}。開始済みの架電は鳴り続けるおそれがあります。ポリシーは続行します。`,
    cancelledBySomebody: '誰かが取り消しました',
    levelCancelled: (step) => `段階「${step}」が取り消されました。電話を切り、ポリシーは続行します。`,
    hangingUp: (calls) => `電話を切っています（連絡 ${calls} 件）。`,
    keyLate: (who, keyInput, step) =>
      `${san(who)}が「${step}」で ${keyInput} を押しましたが、この段階は終了していたため、何も変わりません。`,
    alsoAcknowledged: (who, keyInput, step) =>
      `${san(who)}も「${step}」で ${keyInput} を押して対応しようとしましたが、この段階は終了していたため、何も変わりません。本人に伝えてください。`,
    waiting: (step, ms, reason) => `${duration(ms)}後に「${step}」に架電します（${reason}）。`,
    waitReasons: {
      nextAttempt: '次の回',
      budget: '架電数の上限に達しているため',
      nothingRang: 'すべてのステップを試しても電話が鳴らなかったため',
      delay: 'ポリシーが指定する待ち時間のため',
    },
    snoozed: (by, ms, step) =>
      `${san(by)}がスヌーズ（再架電まで停止）にしました。${duration(ms)}は誰にも架電せず、その後「${step}」に再び架電します。`,
    acknowledged: (owner, due, note) => `${owner}が対応者になりました。${due}${note}`,
    dueWhenever: '解決するまで、架電を止めます。',
    dueNever: '対応者が決まるまでのインシデントなので、これで終了します。',
    due: (ms) => `架電を止めます。${duration(ms)}以内に解決しなければ、架電を再開します。`,
    note: (note) => `メモ：${note}`,
    takenOver: (owner, from, note) => `${owner}が${san(from)}から引き継ぎました。${note}`,
    held: (by, reason, ms, step) =>
      `${san(by)}のサイレンス（${reason}）により、${duration(ms)}は誰にも架電しません。終了時に未解決なら「${step}」に架電します。`,
    holdEnded: (why, step) => `${why}。「${step}」に架電します。`,
    holdEnds: {
      over: () => 'サイレンスの時間が終わりました',
      ended: (by) => `${san(by)}がサイレンスを終了しました`,
      severity: () => 'この重大度のアラートはサイレンスの対象外です',
      reported: () => 'サイレンスの対象外のアラートで報告されました',
    },
    snoozeEnded: (step) => `スヌーズが終わりました。「${step}」に再び架電します。`,
    notResolvedInTime: (by) => `${san(by)}が時間内に解決しなかったため、架電を再開します。`,
    released: (by) => `${san(by)}は対応者ではなくなりました。`,
    worseWhileSnoozed: (severity) => `状況が悪化しました（${severityOf(severity)}）。スヌーズを終了します。`,
    worseWhileOwned: (severity, by) =>
      `状況が悪化しました（${severityOf(severity)}）。対応者は${san(by)}のまま、再び架電します。`,
    newsNotTaken: (by) => `状況悪化の連絡に応答がありませんでした。対応者は${san(by)}のままです。`,
    escalated: (by, from, to) => `${san(by)}が「${from}」から「${to}」にエスカレーションしました。`,
    hangUpAsked: (by) => `${san(by)}が、対応者にはならずに電話を切りました。`,
    runStarted: (owner, workflow, ms) =>
      `${owner}がワークフロー ${workflow} を開始しました。終了するまで（最長 ${duration(ms)}）対応者になります。`,
    runEnded: 'ワークフローが終了しました。',
    runFailed: (message) => `ワークフローが失敗しました：${message}。`,
    runLeft: (seconds, id) => `取り消しましたが ${seconds} 秒たっても終了しないため、そのままにします：${id}`,
    runTookTooLong: 'ワークフローが時間内に終了しないため、取り消します。',
    runCancelled: 'ワークフローが取り消されました。',
    resolved: (by, note) => `${san(by)}が解決しました。${note}`,
    resolvedByKey: (by, note) => `${san(by)}がキー入力で解決しました。${note}`,
    exhausted: '応答なしで終了（未対応）：ポリシーの最後まで架電しましたが、誰にもつながりませんでした。',
    exhaustedAndOpen: (ms) =>
      `応答なしで終了（未対応）：ポリシーの最後まで架電しましたが、誰にもつながりませんでした。インシデントは未対応のまま残ります。次の報告で再び架電します。報告がなければ${duration(ms)}後に閉じます。`,
    nothingRang: (reason, step, ms) =>
      `架電できません（要対処）：ポリシーの最後まで、電話が一度も鳴りませんでした（${reason}）。${duration(ms)}後に「${step}」からやり直します。`,
    lastOfRound: (step, end) => `「${step}」：${end}`,
    noCallPlaced: '架電なし',
    neverRang: (ms, reason) =>
      `${duration(ms)}、何周しても誰にも架電できませんでした（${reason}）。再試行を終了します。`,
    roundEnded: (round, times) =>
      `対応者が決まらないまま、${times} 周のうち ${round} 周が終わりました。ポリシーを最初から繰り返します。`,
    begunAgain: (step) => `未対応のまま、再び報告がありました。「${step}」から架電します。`,
    leftUnattended: '未対応のまま、再度の報告もなかったため、閉じます。',
    cancelled: 'インシデントが取り消されました。',
    closed: (state, calls) => `インシデントを閉じました（${stateOf(state)}）。架電 ${calls} 件。`,
  },

  callees: {
    onDuty: (schedule) => `「${schedule}」の当番`,
    nextOnDuty: (schedule, next) => `「${schedule}」の${next === 1 ? '次' : ` ${next} 人後`}の当番`,
    calls: (people) => `架電先：${people}。`,
    callsWithout: (people, missing) => `架電先：${people}。注意：${missing}。`,
    named: san,
    calledOnDuty: (name, by) => `${san(name)}、${by}の当番`,
    calledOnDutyUntil: (name, by, until) => `${san(name)}、${by}の当番（${until}まで）`,
    calledNext: (name, by) => `${san(name)}、${by}の次の当番`,
    bySchedule: (schedule, layer) => `「${schedule}」${layer === null ? '' : `の「${layer}」`}`,
    asCopied: '（現在は読み取れないため、インシデント開始時の内容）',
    override: (note) => `代行${note === null ? '' : `：${note}`}`,
    overrideOf: (of, by, reason) =>
      `${of === '' ? '' : `${san(of)}の`}代行、依頼 ${by}${reason === null ? '' : `、理由 ${reason}`}`,
    unconfirmed: (override) => `${override}、未確認`,
    sinceUnconfirmed: (people) => `${san(people)}の確認待ち`,
    noNumber: (handle) => `「${handle}」の電話番号は不明です`,
    dutyUnreadable: (schedule) => `「${schedule}」の当番を読み取れません`,
    nobodyOnDuty: (schedule) => `「${schedule}」には現在、当番がいません`,
    nobodyFollows: (schedule) => `「${schedule}」には次の当番がいません`,
    nobody: (missing) => `${missing}。`,
  },

  updates: {
    examples: {
      acknowledge:
        '対応する：すべての電話を切ります。{"by": "sato"}。対応者から引き継ぐ：{"by": "sato", "takeOver": true}',
      resolve: '解決する：以後、誰にも架電しません。{"by": "sato", "note": "ディスクを交換"}',
      escalate:
        'すぐに別の人に架電する。ポリシーの次の段階：{"by": "sato"}。ステップを指定：{"by": "sato", "to": "manager"}',
      snooze:
        'スヌーズ（再架電まで停止）：しばらく誰にも架電せず、その後同じ人に再び架電します。{"by": "sato", "for": "30m"}',
      hangUp: '対応者にならずに電話を切る：次の回に進みます。{"by": "sato"}',
      alert: '監視ツール用：同じインシデントを再び報告。{"alert": {"summary": "disk full", "severity": "critical"}}',
    },
    ofDuty: {
      override:
        '代行を入れる。今の当番時間の残り：{"people": ["suzuki"], "by": "sato", "reason": "佐藤が体調不良"}。特定の当番：{"people": ["suzuki"], "shift": "weekly/2026-12-07"}。時間帯：{"people": ["suzuki"], "from": "2026-12-07T18:00", "until": "2026-12-08T09:00"}。"preview": true を付けると結果の確認だけを行います。',
      take: '当番を代わる（今から当番時間の終わりまで）：{"person": "suzuki", "reason": "佐藤が体調不良"}。いつまでかを先に確認：{"person": "suzuki", "preview": true}',
      swap: '当番の交換（全員の確認後に有効）：{"shift": "weekly/2026-12-07", "with": "weekly/2026-12-14", "person": "sato"}。すぐに有効にする：{"shift": "…", "with": "…", "agreed": true}',
      confirm: '自分が当番であることを確認する：{"person": "suzuki"}。番号を指定：{"person": "suzuki", "number": 3}',
      remove: '代行を取り消す（なかったことにする）：{"number": 3, "by": "sato", "reason": "回復した"}',
      overrides: '取り消したものや終わったものを含む、すべての代行。',
    },
    ofSilences: {
      add: '対象のアラートについて、しばらく誰にも架電しません。終了時に続いているものには、その時点で架電します：{"labels": {"service": "web"}, "for": "2h", "by": "sato", "reason": "ディスク交換"}。重大（critical）も対象にする："critical": true',
      end: 'サイレンスを終了し、止めていたものに架電します：{"number": 3, "by": "sato", "reason": "作業完了"}',
      silences: '終わったもの（新しい順）を含む、すべてのサイレンス。',
    },
    signal: 'ほかのワークフロー用。人の操作には、応答のある同名の Update を使ってください。',
    check: '次の確認を待たず、すぐに結果を確認します。',
    status: '現在の状態、対応者、次の動作。',
    timeline: '経過（新しい 500 件）。',
  },

  answers: {
    ownsAndCloses: (by) => `${san(by)}が対応者になりました。対応者が決まるまでのインシデントなので、これで終了します。`,
    owns: (by, within) =>
      `${san(by)}が対応者になりました。${writtenDuration(within)}以内に解決しなければ、架電を再開します。`,
    ownsForGood: (by) => `${san(by)}が対応者になりました。解決するまで、誰にも架電しません。`,
    ownsWithoutPolicy: (by) =>
      `${san(by)}が対応者になりました。ポリシーを読み込めないため、いつまでに解決するべきかはわかりません。`,
    hasOwned: (by, ms) => `${san(by)}が${duration(ms)}前から対応しています。`,
    takeOverInstead: (owns) => `${owns}引き継ぐには takeOver を付けて acknowledge してください。`,
    tookOver: (by, from) => `${san(from)}に代わって${san(by)}が対応者になりました。`,
    resolved: '解決しました。以後、誰にも架電しません。',
    notBeingCalled: (from, called) =>
      `「${from}」には架電していません（現在：${called === null ? '架電なし' : `「${called}」`}）。何も変更していません。`,
    nothingAfter: (step, steps) => `「${step}」の次はありません。ステップを指定してください：${steps}。`,
    noSuchStep: (step, steps) => `ポリシーにステップ「${step}」はありません。あるのは ${steps} です。`,
    noSteps: (policy, reason) => `ポリシー「${policy}」を読み込めないため、ステップがありません：${reason}`,
    calledAlready: (step) => `すでに「${step}」に架電しています。`,
    calledAfterBudget: (step, ms) => `架電数の上限に達しているため、「${step}」には${duration(ms)}後に架電します。`,
    calledNow: (step) => `「${step}」に架電します。`,
    calledAfterHangUp: (step) => `鳴っている電話を切ってから、「${step}」に架電します。`,
    noDuration: (given) => `「${given}」は時間として読めません。30s、5m、4h、2d のように指定してください。`,
    snoozeTooLong: (given, longest) =>
      `「${given}」は長すぎます。スヌーズは最長 ${writtenDuration(longest)}（${longest}）です。`,
    snoozed: (given, step) => `${writtenDuration(given)}は誰にも架電せず、その後「${step}」に再び架電します。`,
    nothingToHangUp: '架電中の電話はありません。',
    hangingUpAlready: 'すでに、すべての電話を切っています。',
    hangingUp: (whatFollows) => `すべての電話を切ります。対応者はいません。${whatFollows}。`,
    followsDecision: '先に決まったことを続けます',
    followsAttempt: 'この段階の次の回を続けます',
    followsStep: (step, next) => `「${step}」はこれが最後の回でした。次は「${next}」に架電します`,
    followsEnd: (step) => `「${step}」はこれが最後の回でした。ポリシーはここで終わります`,
    held: (until) => `サイレンスの対象です。${until} まで誰にも架電しません。`,
    holdEnded: (step) => `サイレンスの対象ではなくなったため、「${step}」に架電します。`,
    begunAgain: (step) => `未対応だったため、「${step}」から再び架電します。`,
    opened: 'インシデントを開始しました。',
    nothingNew: '新しい内容はありません。インシデントは報告済みのとおりです。',
    unchanged: '新しい内容はありません。インシデントは続いています。',
    changed: '変わった内容でインシデントを続けます。',
    changedButParameters: (most) =>
      `変わった内容でインシデントを続けます。ただし、パラメーターが ${most} 文字を超えるため、これまでの値を使います。`,
    tooManyChanges:
      '内容の変更が多すぎるため、残りは担当者の操作のために空けてあります。インシデントは続いています。1 分後に最新の内容を再び報告してください。',
    tooLate: (state, ms) => `このインシデントは${duration(ms)}前から「${stateOf(state)}」です。`,
  },

  incident: {
    headline: stateOf,
    title: (state, severity, summary) => `**${stateOf(state)}**（${severityOf(severity)}）：${summary}`,
    notOver: (state) => `「${stateOf(state)}」になりました。鳴っている電話や実行中のワークフローを終了しています。`,
    over: (state, calls) => `「${stateOf(state)}」です。架電 ${calls} 件。`,
    isState: (state) => `「${stateOf(state)}」です。`,
    cancelledByWhom: '誰が取り消したかは、Event History の WorkflowExecutionCancelRequested にあります。',
    exhausted: (calls) =>
      `応答なしで終了（未対応）：ポリシーの最後まで架電しましたが、誰にもつながりませんでした。架電 ${calls} 件。`,
    exhaustedAndOpen: (calls) =>
      `応答なしで終了（未対応）：ポリシーの最後まで架電しましたが、誰にもつながりませんでした。架電 ${calls} 件。現在は架電しておらず、対応者もいません。`,
    nothingRang: (reason) => `架電できません（要対処）：直前の周回では、電話が一度も鳴りませんでした（${reason}）。`,
    policyUnreadable: (reason) => `架電できません（要対処）：${reason}`,
    hangingUpFirst: (step) => `電話を切っています。その後「${step}」に架電します。`,
    worse: (owner) => `状況が悪化しました。対応者は${owner}です。`,
    snoozed: (until) => `スヌーズ（再架電まで停止）：${until} まで誰にも架電しません。`,
    held: (until, by, reason) => `サイレンス：${until} まで誰にも架電しません（${san(by)}、${reason}）。`,
    owned: (owner) => `${owner}が対応中です。架電は止めています。`,
    ownedWithoutPolicy: (owner) =>
      `${owner}が対応中です。架電は止めています。ポリシーを読み込めないため、いつまでに解決するべきかはわかりません。`,
    running: (owner, workflow) => `${owner}が対応中で、ワークフロー ${workflow} を実行しています。架電は止めています。`,
    level: (level, step) => `第 ${level} 段階「${step}」`,
    blocked: (reason, level) => `架電できません（要対処）：${reason}（${level}）`,
    blockedAndNobodyCalled: (reason, level) => `架電できません（要対処）。電話は鳴っていません：${reason}（${level}）`,
    waitingForPlace: (level, reason) => `回線待ち（${level}）：${reason}再び依頼します。回数には数えません。`,
    waiting: (level, attempt, attempts, at) =>
      `待機中：${level}、${ofAttempts(attempt, attempts)}は ${at} です。電話は鳴っていません。`,
    hangingUp: (level) => `電話を切っています（${level}）。`,
    calling: (level, attempt, attempts) => `架電中：${level}、${ofAttempts(attempt, attempts)}。`,
    levelOver: 'この段階は終了しました。',

    nextStep: (step) => `鳴っている電話がなくなりしだい、「${step}」に架電`,
    nextOfUnattended: (step, at) =>
      `対応してください。次の報告で「${step}」に再び架電。報告がなければ ${at} に閉じます`,
    nextAfterDelay: (at, step) => `${at}：「${step}」に架電`,
    nextAfterSnooze: (at, step) => `${at}：「${step}」に再び架電`,
    nextAfterHold: (at, step) => `${at}：未解決なら「${step}」に架電`,
    nextForOwner: (at) => `${at}：状況が悪化したため、対応者に再び架電`,
    nextUnresolved: (at, step) => `${at}：未解決なら「${step}」に架電`,
    nextWhenResolved: '解決するまで架電なし',
    nextOfRun: (workflow, then, at, onFailure) =>
      `${workflow} が成功したら、${then}。失敗するか ${at} に終わっていなければ、${onFailure}`,
    thenOwnerKeeps: '対応者はそのまま',
    thenResolved: '解決',
    thenCalled: (step) => `「${step}」に架電`,
    thenCalledAfter: (step, after) => `${writtenDuration(after)}後に「${step}」に架電`,
    thenNextRound: (step, every) => `${writtenDuration(every)}後に「${step}」から再び架電`,
    thenSnoozed: (given) => `${writtenDuration(given)}架電を停止`,
    thenExhausted: '応答なしで終了（未対応）',
    nextCloses: '電話とワークフローがすべて終わりしだい閉じます',
    nextOfExhausted: '以後は架電しません。対応してください。次の報告では新しいインシデントを開始',
    nextOfClosed: 'なし。次の報告では新しいインシデントを開始',
    nextWhenReadable: 'Pigeon が応答しだい再開',
    nextWhenResumed: (step) => `架電の全停止が終わりしだい、「${step}」に架電`,
    nextWhenItWorks: (step) => `約 1 分ごとに再試行し、成功したら「${step}」に架電`,
    nextAttempt: (step, every) => `${writtenDuration(every)}後に「${step}」に再び架電`,
    nextAfterTheseCalls: (next) => `この架電で対応者が決まらなければ、${next}`,
    nextAfterThat: (next, further) => `${next}。それでも対応者が決まらなければ、${further}`,
    nextRead: (when, policy) => `${when}：ポリシー「${policy}」を再読み込み。正しければ架電を開始`,
    nextReadForOwner: (when, policy) => `${when}：ポリシー「${policy}」を再読み込み。正しくても対応者はそのまま`,
    atLeastEveryTenMinutes: '遅くとも 10 分ごと',
    nextUnwritten: '対応者が決まるまで架電',

    rowNow: '現在',
    rowOwner: '対応者',
    rowRinging: '架電中',
    rowNext: '次',
    rowSnoozedBy: 'スヌーズした人',
    rowLastCall: '直前の連絡',
    rowLevel: '段階',
    rowSoFar: 'これまで',
    rowToCorrect: '対処',
    levelInTable: (level, step) => `第 ${level} 段階「${step}」`,
    lastCall: (at, step, end) => `${at}「${step}」：${end}`,
    soFar: (calls, since, policy) => `架電 ${calls} 件終了、${since} からこの状態、ポリシー \`${policy}\``,
    soFarOfLevel: (calls) => `架電 ${calls} 件終了`,
    correctPolicy: 'ワーカーのポリシーフォルダーにあるファイルを修正。`check` ですぐに再読み込み',
    levelTitle: (level, step, people) => `第 ${level} 段階「${step}」${people}`,
    ofIncident: (id) =>
      `インシデント \`${id}\` の段階です。対応（acknowledge）、解決（resolve）、エスカレーション（escalate）はそちらで行ってください。`,
    whatHappened: (zone) => `**経過**（新しい順、${zone}）`,
    toTakeIt:
      '**対応する**：*More Actions* → *Send an Update* → `acknowledge`。データは `{"by": "sato"}`（ご自身の名前）。赤く表示されたら、受け付けられておらず、何も変わっていません。',
    toEndIt: '**解決する**：*More Actions* → *Send an Update* → `resolve`。データは `{"by": "sato"}`（ご自身の名前）。',
    howToAct: '**操作方法**：*More Actions* → *Send an Update* で、次のデータを送ります。',
    howTo: '目的',
    howToUpdate: 'Update（操作名）',
    howToData: 'データ',
    howToTakeIt: '対応する',
    howToTakeOver: '対応者から引き継ぐ',
    howToEndIt: '解決する',
    howToEscalate: 'すぐに次の段階に架電する',
    howToSnooze: 'スヌーズ（再架電まで停止）にする',
    yourName: '名前',
    whatHelped: '対処の内容',
    howToStop:
      'すべて止めるには *Request Cancellation* を使います。*Terminate* は使わないでください。鳴っている電話が鳴り続けます。',

    waitsForLine: 'Pigeon が受け付けました。回線待ちです。',
    nobodyRings: 'Pigeon が受け付けました。電話はまだ鳴っていません。',
    hangingUpCall: '電話を切っています。',
    hangingUpWhom: (who) => `${san(who)}への電話を切っています。`,
    beingCalled: (who, since, loop) =>
      `${san(who)}に架電中${since === null ? '' : `（${since} から）`}${inPass(loop)}。`,
    nextContact: (who, loop) => `${who}${inPass(loop)}。次の連絡先に進みます。`,
    did: {
      missed: '不応答',
      ignored: '応答したがキー入力なし',
      failed: '呼び出せず（話中、圏外または番号間違い）',
      aborted: '切断',
    },
    didPress: (keyInput) => `${keyInput} を押下`,
    didOther: (status) => `${status} で終了`,
    whoDid: (who, did) => `${san(who)}：${did}`,
    times: (text, times) => `${text}（${times} 回）`,

    summaryOfLevel: (level, step, people) => `第 ${level} 段階：${step}${people}`,
    summaryOfRun: (keyInput, workflow) => `${keyInput} の押下で ${workflow} を開始`,
    summaryOfCancelledRun: '取り消したワークフローの終了待ち',
  },

  duty: {
    onDuty: (people, former, layer, from, until) =>
      `${former === null ? '' : `${everyone(former)}に代わり、`}${everyone(people)}が当番です（${layer === null ? '' : `${layer}、`}${from} から ${until} まで）。`,
    askedBy: (number, by) => `代行 ${number} 番、依頼 ${by}。`,
    askedWhy: (number, by, reason) => `代行 ${number} 番、依頼 ${by}、理由：${reason}。`,
    waitsFor: (people) => `まだ有効ではありません：${everyone(people)}の確認が必要です。`,
    unconfirmed: (people) =>
      `未確認：${everyone(people)}は他の人の依頼で当番になりました。確認するまでは、元の当番にも続けて架電します。`,
    removed: (number, by) => `代行 ${number} 番は ${by} が取り消しました。当番はこの代行がなかったときのとおりです。`,
    restored: (added, known) => `代行を ${added} 件復元しました（${known} 件はすでにありました）。`,
    holdsFrom: (at) => `${at} からすべてのワーカーに反映されます。`,
    preview: (described) => `${described}まだ何も変更していません。`,
    onDutyAlready: (people, until) =>
      `${everyone(people)}はすでに当番です${until === null ? '' : `（${until.slice(0, 16).replace('T', ' ')} まで）`}。`,
    noPerson: '誰かを指定してください："person": "suzuki"。',
    noShifts: '両方の当番を指定してください："shift": "weekly/2026-12-07", "with": "weekly/2026-12-14"。',
    noTime: (written) => `「${written}」は時刻として読めません。2026-12-01T09:00 のように指定してください。`,
    noTimeLeft: '終わりが始まりより前です。',
    isPast: (until) => `${until.slice(0, 16).replace('T', ' ')} に終わっています。`,
    untilWhen: 'いつまでかを指定してください："until": "2026-12-01T09:00"。',
    noEnd: '今の当番には終わりがありません。いつまでかを指定してください："until": "2026-12-01T09:00"。',
    endsBefore: (end) =>
      `今の当番は ${end.slice(0, 16).replace('T', ' ')} に終わります。それまで代わるか、より長い時間は代行を入れてください。`,
    notOnDuty: (person) => `${san(person)}はその時間の当番ではありません。`,
    nobodyHasIt: (shift) => `${shift} には当番がいません。`,
    samePeople: (people) => `両方とも${everyone(people)}の当番です。`,
    stranger: (person) => `「${person}」という人は、連絡先のファイルにも当番表にもいません。`,
    whichLayer: (layers) => `どのレイヤーかを weekly/2026-12-07 のように指定してください。レイヤーは ${layers} です。`,
    noLayer: (layer, layers) => `レイヤー「${layer}」はありません。あるのは ${layers} です。`,
    noShift: (shift, next) => `${shift} に始まる当番はありません。${next === '' ? '' : `次は ${next} です。`}`,
    isCovered: (by) => `その時間は別の代行（${by}）が優先します。先にそれを取り消してください。`,
    noSchedule: (schedule) => `ワーカーは当番表「${schedule}」を読み取れません。`,
    tooMany: (most) => `終わっていない代行がすでに ${most} 件あります。取り消すか、当番表のファイルに書いてください。`,
    noSuchOverride: (number) => `代行 ${number} 番はありません。`,
    whichOne: (numbers) =>
      numbers === '' ? '終わっていない代行はありません。' : `番号を指定してください：${numbers}。`,
    isOverAlready: (number) => `代行 ${number} 番は終わっているか、取り消されています。`,
    nothingToConfirm: (person) => `${san(person)}の確認を待っている代行はありません。`,
    notTheirs: (person, number) => `代行 ${number} 番で${san(person)}は当番になりません。`,
    heading: (schedule, people) => `現在有効な代行：**${people}**。当番の確認：\`pigeonflow schedule who ${schedule}\``,
    none: '当番表のファイル以外の代行はありません。',
    asPlanned: (schedule) => `\`${schedule}\` の当番は当番表のファイルのとおりです。現在有効な代行はありません。`,
    columnPeople: '当番',
    columnTime: '時間',
    columnWhy: '依頼',
    insteadOf: (people, former) => `${people}（元の当番 ${former}）`,
    why: (by, reason) => `${by}：${reason}`,
    columnState: '状態',
    counts: '有効',
    proposed: (people) => `未成立：${named(people)} の確認待ち`,
    unconfirmedBy: (people) => `${named(people)} が未確認`,
    removedBy: (by) => `${by} が取り消し`,
    isOver: '終了',
    summaryOfSearch: '当番時間を調べる',
    summaryOfAnswer: '全ワーカーに伝わるまで',
  },

  schedule: {
    weekday: (day) => weekdayOf(day),
    moment: (weekday, date, time) => `${date}（${weekdayOf(weekday)}）${time}`,
    always: '以前',
    forEver: '無期限',
    span: (from, to) => `${from} から ${to} まで`,
    nobody: '当番なし',
    line: (what, value) => `${what}：${value}`,
    turnBy: (people, by) => `${people}（${by}）`,
    when: (span, timeZone) => `${span}（${timeZone}）`,
    next: (people, at) => `次の当番：${people}（${at} から）`,
    nobodyElse: '今後 400 日以内に、ほかの当番はいません',
    nobodyMoved: (days) => `今後 ${days} 日間、当番は変わりません。`,
    override: '代行',
    overrideBy: (number, by) => `代行 ${number} 番、依頼 ${by}`,
    overrideWhy: (override, why) => `${override}、理由：${why}`,
    overrideUnconfirmed: (override) => `${override}（未確認）`,
    shiftStarts: (schedule, person, from, until) =>
      `${schedule}：${san(person)}の当番は ${from} に始まります（${until} まで）。`,
    shiftTakesOver: (people) => `前の当番は${everyone(people)}です。`,
    shiftFollowedBy: (people) => `次の当番は${everyone(people)}です。`,
    shiftEnded: (schedule, person, from, until) =>
      `${schedule}：${san(person)}の当番は ${until} に終わりました（${from} から）。`,
    shiftLoad: (calls, atNight, owned) =>
      `架電 ${calls} 件（うち夜間 ${atNight} 件）、対応したインシデント ${owned} 件。`,
    shiftLongest: (duration) => `対応者が決まるまでの最長時間は${duration}です。`,
    shiftUnread: (incidents) => `読み取れなかったインシデント ${incidents} 件は含みません。`,
    noShifts: 'この期間に始まる当番も、終わった当番もありません。',
    finalRow: '当番',
    asPlanned: (why) => `ファイルの予定どおりの当番です。誰かが代わったかどうかは確認できません。${why}`,
    ask: 'よろしいですか？ [y/N] ',
    noTerminal: '確認の入力ができません。--yes を付けて実行してください。',
    noPeople: '代わりに当番になる人のハンドルを指定してください。',
    noName: (written) => `「${written}」は当番表の名前ではありません。web のように指定してください。`,
    noNumber: '代行の番号は 1 以上の整数です。pigeonflow schedule overrides で確認できます。',
    notPrinted: (file) => `--restore ${file} は \`pigeonflow schedule overrides --json\` の出力ではありません。`,
    nothingPrinted: (file) => `--restore ${file} に代行がありません。`,
  },

  pause: {
    description: (by, since, until, zone, reason) =>
      `${san(by)}が架電を全停止しています（${since} から ${until} ${zone} まで）：${reason}`,
    details: (description) =>
      `**架電の全停止**：${description}\n\n架電は待機し、回数には数えません。再開するには \`pigeonflow resume --reason …\` を実行するか、シグナル \`resume\` を送ります。`,
    told: (description) => `架電の全停止：${description}。再開するには：pigeonflow resume --reason <text>`,
    done: (description) => `実行しました：${description}`,
    unchanged: (description) => `何も変更していません：${description}`,
    resumed: '架電を再開しました。待機中の架電は 1 分以内に始まります。',
    asked: '再開を依頼しましたが、応答するワーカーがありません。ワーカーが起動しだい、架電を再開します。',
    notPaused: '架電は停止されていません。',
  },

  silence: {
    fromIntegration: (name) => `送信元 ${name}`,
    description: (number, what, until, by, reason, critical) =>
      `サイレンス ${number}：${what}、${until} まで、${san(by)}、理由 ${reason}${critical ? '（critical も対象）' : ''}`,
    andCritical: '（critical も対象）',
    columns: ['番号', '対象', 'いつまで', '設定した人', '理由'],
    none: 'サイレンスはありません。',
    told: (descriptions) => `サイレンス中：${descriptions}`,
    added: (description) =>
      `設定しました：${description}。対象のアラートでは終了まで架電しません。終了時に続いているものには、その時点で架電します。`,
    ended: (description) => `終了しました：${description}。止めていたものに架電します。`,
    isOver: (number) => `サイレンス ${number} はすでに終わっています。`,
    noSuch: (number) => `サイレンス ${number} はありません。一覧：pigeonflow silence list`,
    which: '終了するサイレンスの番号を指定してください。一覧：pigeonflow silence list',
    nothingNamed:
      'ラベル、サービス、送信元のいずれかを指定してください。すべてを対象にはできません。架電を全停止するには：pigeonflow pause',
    noReason: '理由を指定してください。架電されない理由を調べる人に表示されます。',
    tooLong: (given, longest) =>
      `「${given}」は長すぎます。サイレンスは最長 ${writtenDuration(longest)}（${longest}）です。`,
    tooMany: (most) => `サイレンスがすでに ${most} 件あります。先にどれかを終了してください。`,
    summaryOfAnswer: 'すべてのゲートウェイが把握するまで',
    summaryOfTelling: 'サイレンスの終了を、止めていたインシデントに通知',
  },

  canary: {
    summaryOfHeartbeat: '外部の監視への通知',
    summaryOfIncident: '定期テスト（canary）',
  },

  drill: {
    say: 'これは訓練です。緊急連絡の訓練として、当番の皆さんに順番にお電話しています。障害は発生していません。聞こえた方は、1を押してください。',
    thanks: 'ありがとうございました。これは訓練でした。',
    sayTest: 'これは架電テストです。障害は発生していません。聞こえた方は、1を押してください。',
    thanksTest: 'ありがとうございました。電話番号は正しく登録されています。',
    calls: (name, numbers) => `${san(name)}に架電します（${numbers}）。`,
    waits: (id) => `実際の架電が終わるのを待っています：${id}`,
    gaveWay: (name, id) => `実際の架電を優先し、${san(name)}への電話を切ります。後で架電し直します：${id}`,
    results: {
      pressed: '連絡可（キー入力あり）',
      pickedUp: '応答したがキー入力なし',
      notReached: '連絡不可',
      notCalled: '架電できず',
      noNumber: '架電できず（連絡先ファイルにありません）',
    },
    result: (name, result) => `${san(name)}：${result}`,
    notYet: '未実施',
    summary: (pressed, all) => `${all} 人中 ${pressed} 人がキーを入力しました。`,
    continues: '訓練は終わっていません。同じコマンドで続きから再開します。同じ人に 2 回架電することはありません。',
  },

  command: {
    noIncidents: 'インシデントはありません。',
    unattended: '!! 未対応：誰にもつながっておらず、架電もしていません',
    encrypted: '内容と次の動作は暗号化されています',
    about: (summary, severity, policy) => `${summary}（${severityOf(severity)}、ポリシー ${policy}）`,
    listedOwner: (owner, opened) => `対応者：${owner}、開始：${opened}`,
    listedClosed: (at) => `終了：${at}`,
    listedNext: (next) => `次：${next}`,
    partlyReadable: (unreadable, all, why) => `${all} 件中 ${unreadable} 件は一部しか読めません。${why}`,
    ago: (ms) => `${duration(ms)}前`,
    inFuture: (ms) => `${duration(ms)}後`,
    clock: (at, fromNow) => `${at}（${fromNow}）`,
    stateSince: (state, since) => `${state}：${since}から`,
    owner: (owner) => `対応者：${owner}`,
    next: (next) => `次：${next}`,
    nextIn: (next, fromNow) => `次：${next}（${fromNow}）`,
    callsSoFar: (calls) => `これまでの架電：${calls} 件`,
    takeIt: '対応する：',
    takeItOver: '引き継ぐ：',
    endIt: '解決する：',
    orElse: 'その他：',
    whatHappened: (zone) => `経過（${zone}）：`,
    wasSo: (at, why) => `${at} 時点の情報です。${why}`,
    exhaustedAndOpen:
      '応答なしで終了（未対応）：ポリシーの最後まで架電しましたが、誰にもつながりませんでした。インシデントは未対応のまま残っており、現在は架電していません。',
    exhausted: '応答なしで終了（未対応）：ポリシーの最後まで架電しましたが、誰にもつながりませんでした。',
    ownedBy: (owner) => `対応者：${owner}`,
    endedAs: (state, owner) => `${stateOf(state)}（対応者：${owner}）`,
    leavesIncident: (id) =>
      `インシデントも架電も続きます。経過を見る：pigeonflow incident watch ${id}   対応する：pigeonflow incident ack ${id}`,
    opened: (id) => `インシデント ${id} を開始しました。`,
    known: (id) => `インシデント ${id} は開始済みで、新しい内容はありません。そのまま続けます。`,
    changed: (id) => `インシデント ${id} は開始済みです。変わった内容で続けます。`,
    notTaken:
      '変わった内容は反映されていません。変更が多すぎるため、残りは担当者の操作のために空けてあります。インシデントはそのまま続いています。1 分後に最新の内容を再び報告してください。',
    policyUnread: (why) =>
      `${why} インシデントは開始され、ポリシーを待っています。ポリシーを修正するか、解決してください。`,
    nobodyCalledYet: (why) => `まだ誰にも架電していません：${why} インシデントは開始済みで、その後に続けます。`,
    parameterMissing: (name) =>
      `ポリシーの文面にある {{${name}}} の値がありません。--parameter ${name}=… を指定してください`,
    severityUnknown: (severity) => `重大度「${severity}」は未知のため、エラーとして扱います。`,
    ofMany: (accepted, all) => `${all} 件中 ${accepted} 件のインシデントで受け付けました。`,

    callStarted: (id) => `${id} の架電を開始しました。`,
    callStartedBefore: (id) => `${id} は開始済みです。二重には架電せず、経過を表示します。`,
    hungUpIfItLasts: (ms) => `このままなら、${duration(ms)}後に電話を切ります（--give-up-after）。`,
    leavesCall: (id) => `架電は続きます。経過を見る：pigeonflow call wait ${id}   切る：pigeonflow call hang-up ${id}`,
    givesUp: (ms) => `${duration(ms)}待ちましたが進まないため、電話を切ります。`,
    nobodyCalled: '誰にも架電していません。取り消したので、後からワーカーが起動しても架電しません。',
    hungUp: '電話を切りました。',
    notHungUpYet: (id) => `まだ切れていません。自動的に続けます。状態：pigeonflow call status ${id}`,
    callOver: (outcome) => `終了しました：${outcome}。`,
    callAnsweredBy: (outcome, by) => `終了しました：${outcome}（${san(by)}）。`,
    hangUpAsk: '電話を切りますか？ y：切る、n または再度 Ctrl-C：架電を続ける [y/n] ',
    callOverBefore: (id) => `${id} は終了済みで、切る電話はありません。`,
    callHungUp: (id) => `${id} の電話を切りました。`,
    callEndedByItself: (id) => `${id} は切る前に終了しました。結果：pigeonflow call wait ${id}`,
    callUnserved: (id) =>
      `ワーカーが動いていません。起動しだい ${id} の電話を切ります。起動するには：pigeonflow worker`,
    callPending: (id) => `${id} の電話をまだ切っています。状態：pigeonflow call status ${id}`,
    callStates: {
      invoking: '依頼中',
      waiting: '回線待ち',
      blocked: '架電できません（要対処）',
      looking: '発信結果不明',
      calling: '架電中',
      hangingUp: '切断中',
      ended: '終了',
    },
    callState: (state, since, message) => `${state}（${since} から）：${message}`,
    callRun: (resultId, reference) => `Pigeon の連絡：${resultId}（参照情報 ${reference}）`,
    lastCall: (contact, status, keyInput) => `直前の架電：${contact}、${status}、キー ${keyInput}`,
    callDeadline: (at) => `切断期限：${at}`,
  },

  report: {
    whatHappened: (zone) => `経過（${zone}）`,
    time: '時刻',
    what: '内容',
    cut: '古い経過は残っていません。インシデントは新しい 500 件を保持します。',
    incident: 'インシデント',
    state: '状態',
    owner: '対応者',
    severity: '重大度',
    policy: 'ポリシー',
    opened: '開始',
    closed: '終了',
    notYet: '未終了',
    timeToAcknowledge: '対応開始までの時間',
    nobodyOwned: '対応者なし',
    telephoneCalls: '架電数',

    pictureTitle: (zone) => `インシデントの経過（${zone}）`,
    pictureStates: '状態',
    pictureSpan: (what, from, to) => `${what}：${from} から ${to} まで`,
    pictureCall: (step, outcome, from, to) => `${step}：${outcome}、${from} から ${to} まで`,
    pictureCallOf: (step, outcome, contact, from, to) => `${step}：${outcome}、${contact}、${from} から ${to} まで`,
    pictureNow: '現在',
    pictureMoreRows: (rows) => `ほかの ${rows} 行は一覧にあります`,
    outcomes: {
      answered: '応答あり',
      unanswered: '応答なし',
      rejected: '受付されず',
      aborted: '中止',
      timedOut: '時間切れ',
      unknown: '発信結果不明',
      refused: '拒否',
      hungUp: '切断',
      nobody: '架電先なし',
      open: '連絡中',
    },

    period: (from, to, zone) => `インシデント（${from} から ${to} まで、${zone}）`,
    incidents: 'インシデント数',
    byState: '状態別',
    bySeverity: '重大度別',
    counted: (count, what) => `${what} ${count} 件`,
    none: 'なし',
    timeToAcknowledgeOf: (incidents) => `対応開始までの時間（${incidents} 件）`,
    times: (median, ninetyPercent, longest) => `中央値 ${median}、90% が ${ninetyPercent}以内、最長 ${longest}`,
    calls: (all, perIncident, most) => `${all} 件、インシデントあたり平均 ${perIncident}、最多 ${most}`,
    atNight: '夜間（22 時から 7 時）',
    callsAtNight: (calls, zone) => `${calls} 件（${zone}）`,
    hour: (zone) => `時間帯（${zone}）`,
    callsOfHour: '架電数',
    load: '担当者別',
    person: '担当者',
    callsOfNight: 'うち夜間',
    incidentsOwned: '対応したインシデント',
    hoursOnDuty: '当番時間',
    personUnknown: '（記録なし）',
    unread: (ids) => `読み取れなかったインシデント（ワーカーの応答なし、または結果なし）：${ids}`,
    retentionUnknown: 'Temporal が終了したインシデントを保持する期間は不明です。それより古いものは含まれません。',
    kept: (ms) => `Temporal は、終了したインシデントを${duration(ms)}保持します。`,
    keptTooShort: (ms) =>
      `Temporal が終了したインシデントを保持するのは${duration(ms)}で、この期間より短いため、古いものは含まれていません。`,
  },

  policy: {
    startsWith: '開始',
    acknowledged: '対応中',
    notResolved: (within, step) => `${writtenDuration(within)}以内に解決しなければ再び架電：${step}`,
    notCalledAgain: '解決するまで架電なし',
    rounds: '繰り返し',
    roundsOf: (times, every) => `対応者が決まらなければ全部で ${times} 周、${writtenDuration(every)}間隔`,
    worse: '状況悪化',
    worseCalls: (step) => `対応者に再び架電し、次に ${step}`,
    worseRecorded: '記録のみ',
    budget: '架電数の上限',
    budgetOf: (calls, within) => `${writtenDuration(within)}あたり架電 ${calls} 件まで`,
    calls: '架電先',
    together: '、同時に架電',
    attempts: '回数',
    untilTaken: (every, each) => `対応者が決まるまで、${writtenDuration(every)}間隔：毎回 ${each}`,
    once: (calls) => `1 回：${calls}`,
    apart: (attempts, every, calls) => `${attempts} 回、${writtenDuration(every)}間隔：${calls}`,
    called: '時期',
    atOnce: 'すぐ',
    delay: '待ち時間',
    delayOf: (after, severities) => `発生から${writtenDuration(after)}（${severities}）`,
    andDelay: '、',
    afterStart: (time) => `応答がなければ、遅くとも開始から${time}後`,
    afterStartAtLeast: (time) => `応答がなければ、開始から${time}後`,
    onlyBy: (ways) => `次の場合のみ：${ways}`,
    way: (via, step) => `${step} の${via}`,
    onlyIfNotResolved: '対応中のインシデントが時間内に解決しなかった場合のみ',
    key: (key) => `キー ${key}`,
    keyWhenEnded: (key) => `キー ${key}（ワークフローの終了時）`,
    keyWhenFailed: (key) => `キー ${key}（ワークフローの失敗時）`,
    otherwise: '応答なし',
    run: (workflow, queue, within, then, onFailure) =>
      `${workflow} を実行（タスクキュー ${queue}、${writtenDuration(within)}以内）、成功時：${then}、失敗時：${onFailure}`,
    outcomes: {
      acknowledge: '対応者になる',
      resolve: '解決',
      next: '次の連絡先',
      leave: '次の連絡先（この連絡先は以後除外）',
      exhausted: '応答なしで終了（未対応）',
    },
    escalateTo: (step) => `${step} にエスカレーション`,
    escalateAfter: (step, after) => `${writtenDuration(after)}後に ${step} にエスカレーション`,
    againAfter: (given) => `${writtenDuration(given)}後に再び架電`,
    ifNobody: '誰もキーを押さない場合',
    level: '段階',
    calledAtLatest: '遅くとも架電',
    withMachines: '留守番電話の場合',
    callsBefore: 'それまでの架電',
    mayWait: (calls) => `${calls}、上限待ちの可能性あり`,
    thenEnds: (end) => `その後：${end}`,
    endExhausted: (calls) => `応答なしで終了（未対応）、架電 ${calls}`,
    endOfRounds: (times, calls) => `全部で ${times} 周繰り返した後、応答なしで終了（未対応）、架電 ${calls}`,
    endUnlimited: (calls, within) =>
      `対応者が決まるまで最後の段階を繰り返し（${writtenDuration(within)}あたり ${calls} 件まで）`,
    endAgain: (step, calls, within) =>
      `${step} に戻って繰り返し（${writtenDuration(within)}あたり ${calls} 件までの上限のみ）`,
    assumed: (ringing, looks) =>
      `前提：呼び出しは ${ringing} 秒、終了の確認はその ${looks} 秒後。回線に空きがあり、スペースが架電を受け付けること。`,
    fromTo: (least, most) => `${least}～${most}`,
    assumedMachines: '留守番電話は、6 回の読み上げを最後まで聞くものとします（1 秒に 5 文字）。',
    assumedStored:
      '登録済みコールフローの人数は Pigeon だけが知っているため、「以上」の件数では 1 件として数えています。',
    telephoneCalls: (calls) => `${calls} 件`,
    atMost: (calls) => `最大 ${calls}`,
    orMore: (bound) => `${bound}以上`,
    storedCallFlow: (id) => `登録済みコールフロー ${id}`,
    loops: (names, loops) => `${names}（${loops} 巡）`,

    dutyAt: (at) => `${at} の当番`,
    duty: (schedule, who, layer, until) =>
      `${schedule}：${who}${layer === null ? '' : `（${layer}）`}${until === null ? '' : `、${until} まで`}`,
    dutyThen: (duty, next) => `${duty}、次は ${next}`,
    dutyNobody: 'なし',
    dutyUnreadable: (schedule) => `${schedule}：読み取れません`,

    chartUntilTaken: (every) => `対応者が決まるまで、${writtenDuration(every)}間隔`,
    chartTimes: (attempts, every) => `${attempts} 回、${writtenDuration(every)}間隔`,
    chartNotResolved: (within) => `${writtenDuration(within)}以内に未解決`,
    chartNobody: '応答なし',
    chartAfter: (way, after) => `${way}、${writtenDuration(after)}後`,
    chartRounds: (times, every) => `全部で ${times} 周、${writtenDuration(every)}間隔`,
    chartRunEnds: (key, workflow) => `キー ${key}：${workflow} 終了`,
    chartRunFails: (workflow) => `${workflow} 失敗`,
    chartAgain: (way, given) => `${way}、${writtenDuration(given)}後に再び`,
  },

  simulation: {
    time: '時刻',
    step: 'ステップ',
    who: '相手',
    what: '内容',
    call: (attempt, end) => `☎ ${attempt} 回目：${end}。`,
    callAfter: (attempt, end, ms) => `☎ ${attempt} 回目：${end}（${duration(ms)}）。`,
    accepted: (update, message) => `${update}：受付。${message}`,
    notAccepted: (update, message) => `${update}：受け付けません。${message}`,
    restarted: 'ワーカーを再起動：何も失われません。',
    ownedBy: (owner) => `（対応者：${owner}）`,
    ends: (state, owner, ms, calls) => `${duration(ms)}で終了：${stateOf(state)}${owner}。架電 ${calls} 件。`,
    notOver: (state, owner, ms, calls) =>
      `${duration(ms)}の時点で未終了：${stateOf(state)}${owner}。架電 ${calls} 件。`,
    stopped: (state, owner, ms, calls) =>
      `動作が多すぎるため${duration(ms)}で中断：${stateOf(state)}${owner}。架電 ${calls} 件。`,
    underWay: '進行中',
    hungUp: '切断',
    pressed: (key) => `${key} を押下`,
    pressedUnassigned: (key) => `${key} を押下（割り当てなし）`,
    noKey: {
      silence: '不応答',
      busy: '話中',
      machine: '留守番電話、キー入力なし',
    },
    callFlow: (id) => `コールフロー ${id}`,
    runFailed: 'スクリプトによる失敗',
  },

  call: {
    headlines: {
      invoking: '架電を依頼しています',
      waiting: '回線待ち：キューに空きがありません',
      blocked: '架電できません（要対処）',
      looking: '発信結果不明',
      calling: '架電中',
      hangingUp: '電話を切っています',
      ended: '終了',
    },
    title: (headline, message) => `**${headline}**：${message}`,
    outcomes: {
      answered: '応答あり',
      unanswered: '応答なし',
      rejected: 'キューに空きがなく受付されず',
      aborted: 'Pigeon で中止',
      timedOut: '時間切れ',
      unknown: '発信結果不明',
      cancelled: '取り消し',
      failed: '失敗',
    },
    onItsWay: '架電の依頼を Pigeon に送っています。',
    onItsWayAgain: '架電の依頼を Pigeon に再び送っています。',
    taken: 'Pigeon が受け付けました。',
    runEnded: (status) => `連絡が終了しました（${status}）。`,
    waitsForLine: (status) => `Pigeon が受け付けました。回線待ちです（${status}）。`,
    nobodyYet: (status) => `Pigeon が受け付けました。まだ誰にも架電していません（${status}）。`,
    beingCalled: (who, status, loop) => `${san(who)}に架電中（${status}${loop === null ? '' : `、${loop} 巡目`}）。`,
    nextContact: (who, status) => `${san(who)}：${status}。次の連絡先に進みます。`,
    queueFull: (message) => `スペースのキューに空きがありません${message === null ? '' : `（${message}）`}。`,
    othersFirst: 'スペースのキューに空きがありません。ほかの架電を優先しています。',
    nothingRings: (message) => `電話は鳴っていません：${message}`,
    resultUnreadable: (message) => `架電は依頼済みですが、結果を読み取れません：${message}`,
    lookingFor: (reference) => `発信結果不明：Pigeon が受け付けたかわからないため、${reference} を探しています。`,
    lookedFor: (reference, looks) =>
      `発信結果不明：Pigeon が受け付けたかわかりません。${reference} を ${looks} 回探しました。`,
    lookedForInVain: (reference, looks, message) =>
      `発信結果不明：Pigeon が受け付けたかわかりません。${reference} を ${looks} 回探しましたが、Pigeon が連絡の一覧を拒否しています：${message}`,
    cannotBeAsked: (message) => `発信結果不明：Pigeon が受け付けたかわからず、問い合わせもできません：${message}`,
    hangingUp: (why) => `電話を切っています：${why}。`,
    hangingUpUnreadable: (message) => `電話を切っています。結果を読み取れません：${message}`,
    notHungUpYet: (resultId, message) => `連絡 ${resultId} をまだ切れていません：${message}`,
    doubleNotHungUpYet: (resultId, message) => `重複した連絡 ${resultId} をまだ切れていません：${message}`,
    whyCancelled: '取り消されました',
    whyDeadline: (ms) => `期限の${duration(ms)}を過ぎました`,
    whyStuck: '連絡が進まなくなりました',
    over: (outcome) => `終了しました：${outcome}。`,
    looksFor: (references) => `${references} を探しています。`,
    noWorkerTook: '依頼を受け取るワーカーがありません。そのキューを処理するワーカーを起動してください',
    workerSilent: 'ワーカーから時間内に報告がありません。強制終了された可能性があります',
    activityFailed: 'アクティビティが失敗しました',

    noLongerBlocked: (ms) => `${duration(ms)}ぶりに架電できるようになりました。`,
    refusedAgain: (reference, message) => `POST ${reference} は拒否されました：${message}`,
    takenAfter: (ms) => `キューに空きがない状態が${duration(ms)}続いた後、Pigeon が受け付けました。`,
    notConfirmed: (reference, message) => `POST ${reference} の結果を確認できませんでした：${message}`,
    callsAgain: (reference) => `POST ${reference} は見つかりませんでした。再び架電します。二重に鳴るおそれがあります。`,
    found: (reference, resultId) => `POST ${reference} は連絡 ${resultId} として見つかりました。`,
    notAsked: (reference) => `POST ${reference}：連絡の有無を Pigeon に問い合わせできませんでした。`,
    notAskedBecause: (reference, message) =>
      `POST ${reference}：連絡の有無を Pigeon に問い合わせできませんでした：${message}`,
    turnedUp: (resultId, reference, status, choice) =>
      `見失っていた連絡 ${resultId}（${reference}）が見つかりました（${status}）：${choice}。`,
    choices: {
      followed: '今後はこちらを追跡',
      hungUp: '切断',
      over: '終了済みのため影響なし',
    },
    doubleHungUp: (resultId) => `重複した連絡 ${resultId}：切断を受け付けました。`,
    doubleRefused: (resultId) => `重複した連絡 ${resultId}：切断は拒否されました。終了済みかもしれません。`,
    stopped: (why) => `停止しました（${why}）。連絡はありません。`,
    stillActive: (resultId, ms) => `連絡 ${resultId} は、切断から${duration(ms)}たっても終了していません。`,
    stillActiveAndRefused: (resultId, ms) =>
      `連絡 ${resultId} は、切断から${duration(ms)}たっても終了していません。Pigeon は一度も切断を受け付けていません。`,
    notFound: (reference) => `POST ${reference} は見つかりませんでした。Pigeon にあれば、鳴るおそれがあります。`,
    notHungUp: (resultId) => `連絡 ${resultId} を切れませんでした。鳴り続けるおそれがあります。`,
    lookedForBy: (workflowId) => `${workflowId} が引き続き探し、見つかれば切ります。`,

    waitUntil: (what, at) => `${what}（${at}）`,
    waitForPoll: (seconds) => `wait_time：次の確認まで ${seconds} 秒`,
    waitToAskAgain: (ms) => `${duration(ms)}後に再び依頼`,
    waitForFirstLook: '最初に連絡を探すまで',
    waitForNextLook: '次に連絡を探すまで',
    waitForNextLookForLost: '次に探すまで',

    summaryOfPost: (people, reference) => `架電の依頼（POST chain/invoke）${people}、参照情報 ${reference}`,
    summaryOfAbort: '切断（POST chain/abort）',
    summaryOfPoll: (people, poll) => `結果の確認（GET results）${people}、${poll} 回目`,
    summaryOfPollAfterAbort: '切断後の結果の確認（GET results）',
    summaryOfLostRun: (reference) => `見失っていた連絡：${reference}`,
    summaryOfSearch: '参照情報で連絡を検索',
    summaryOfDeadline: (at) => `${at} にまだ鳴っていれば切断（期限）`,
    summaryOfAborted: '切断した連絡の終了待ち',
    summaryOfLostRuns: (references) => `${references} を検索`,

    rowWhat: '項目',
    rowNow: '現在',
    rowState: '状態',
    rowRun: 'Pigeon の連絡',
    rowReference: '参照情報',
    rowStatus: 'Pigeon のステータス',
    rowPolls: '結果の確認回数',
    rowNext: '次',
    rowDeadline: '切断期限',
    rowOutcome: '結果',
    rowKey: 'キー',
    rowAnsweredBy: '応答者',
    columnCall: '架電',
    columnContact: '連絡先',
    columnStatus: 'ステータス',
    columnStarted: '開始',
    stateSince: (state, at) => `${state}（${at} から）`,
    noneYet: 'まだなし',
    notSeenYet: '未確認',
    underWay: '処理中',
    none: 'なし',
    howToHangUp:
      '電話を切るには *Request Cancellation* を使います（*Terminate* は使わないでください）。すぐに確認するには、シグナル `check` を送ります。',
  },
};

/** Of names that are none: an update without `by`, and a key of which it is not known who pressed it. */
const NAMELESS: Readonly<Record<string, string>> = { external: '名前のない操作', unknown: '不明' };

const named = (name: string): string => (Object.hasOwn(NAMELESS, name) ? (NAMELESS[name] ?? name) : name);

/** A title, a post or a team takes no さん. */
const TITLED = /(?:さん|様|さま|殿|氏|君|先生|長|役|当番|当直|担当|責任者|係|班|部|課|室|チーム|センター)$/u;

/** `田中さん`, in sentences. Never throws, whatever a signal has brought. */
function san(name: string | null): string {
  if (name === null) return '誰か';
  if (Object.hasOwn(NAMELESS, name)) return name === 'unknown' ? '不明な相手' : named(name);
  return TITLED.test(name) ? name : `${name}さん`;
}

/** `田中さんと加藤さん`, of names with commas between them. */
const everyone = (names: string): string => names.split(', ').map(san).join('と');

/** States and severities that another version has are shown as they are. */
function stateOf(state: string): string {
  return Object.hasOwn(STATES, state) ? STATES[state as keyof typeof STATES] : state;
}

function severityOf(severity: string): string {
  return Object.hasOwn(SEVERITIES, severity) ? SEVERITIES[severity as keyof typeof SEVERITIES] : severity;
}

/** `90000` → `1分30秒`. Units that are zero are left out; less than a second reads `0秒`. */
function duration(ms: number): string {
  let rest = Math.round(ms / 1000);
  const parts: string[] = [];
  for (const [unit, seconds] of UNITS) {
    const count = Math.floor(rest / seconds);
    rest -= count * seconds;
    if (count > 0) parts.push(`${count}${unit}`);
  }
  return parts.length === 0 ? '0秒' : parts.join('');
}

const UNITS = [
  ['日', 86_400],
  ['時間', 3_600],
  ['分', 60],
  ['秒', 1],
] as const;

/** `4h` → `4時間`. */
function writtenDuration(given: string): string {
  try {
    return duration(durationMs(given));
  } catch {
    return given;
  }
}

const ofAttempts = (attempt: number, attempts: number | null): string =>
  `${attempt} 回目${attempts === null ? '' : `（全 ${attempts} 回）`}`;

const inPass = (loop: number | null): string => (loop !== null && loop > 1 ? `（${loop} 巡目）` : '');

function weekdayOf(day: number): string {
  return '日月火水木金土'[day] ?? String(day);
}
