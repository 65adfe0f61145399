/** Words that other tools and Pigeon use for what a policy file calls otherwise. Read only where a word is not known. */
const OTHER_WORDS: Readonly<Record<string, string>> = {
  ack: 'acknowledge',
  acked: 'acknowledged',
  branch: 'escalate',
  callflow: 'contacts',
  continue: 'next',
  default: 'otherwise',
  delay: 'every',
  displayname: 'name',
  else: 'otherwise',
  entry: 'start',
  escalateto: 'escalate',
  fallback: 'otherwise',
  first: 'start',
  forward: 'escalate',
  goto: 'escalate',
  guidance: 'say',
  initial: 'start',
  interval: 'every',
  level: 'steps',
  levels: 'steps',
  limit: 'budget',
  loop: 'loops',
  looplimit: 'loops',
  message: 'say',
  messagetemplate: 'say',
  mobile: 'phone',
  number: 'phone',
  people: 'contacts',
  period: 'within',
  phonenumber: 'phone',
  phones: 'phone',
  queue: 'taskQueue',
  reactions: 'keys',
  repeat: 'attempts',
  retries: 'attempts',
  skip: 'leave',
  stages: 'steps',
  stop: 'exhausted',
  tel: 'phone',
  terminate: 'acknowledge',
  text: 'say',
  timeout: 'within',
  tries: 'attempts',
  users: 'contacts',
  vars: 'parameters',
  variables: 'parameters',
  wait: 'every',
  window: 'within',
};

/** The known word that somebody most likely meant, if there is one. */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  const words = [...known];
  const wanted = plain(word);
  const synonym = Object.hasOwn(OTHER_WORDS, wanted) ? OTHER_WORDS[wanted] : undefined;
  const same = words.find((candidate) => plain(candidate) === wanted);
  if (same !== undefined) return same;
  const farthest = wanted.length <= 3 ? 1 : Math.min(3, Math.floor(wanted.length / 4) + 1);
  const near = words
    .map((candidate) => ({ candidate, distance: editDistance(wanted, plain(candidate)) }))
    .filter(({ candidate, distance }) => distance <= farthest && distance < candidate.length)
    .toSorted((a, b) => a.distance - b.distance)[0];
  if (near?.distance === 1) return near.candidate;
  if (synonym !== undefined && words.includes(synonym)) return synonym;
  return near?.candidate;
}

/** `; did you mean "manager"?`, or what there is to choose from. */
export function suggestion(word: string, known: Iterable<string>, what: string): string {
  const words = [...known];
  const meant = nearest(word, words);
  if (meant !== undefined) return `; did you mean "${meant}"?`;
  if (words.length === 0) return `; there are no ${what}`;
  return `; the ${what} are ${words.length > 12 ? `${words.slice(0, 12).join(', ')}, …` : words.join(', ')}`;
}

function plain(word: string): string {
  return word
    .slice(0, 60)
    .toLowerCase()
    .replaceAll(/[\s_-]/g, '');
}

/** Letters to add, drop, change or swap (Damerau's distance, neighbours only). */
function editDistance(from: string, to: string): number {
  let beforeLast: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const change = from[row - 1] === to[column - 1] ? 0 : 1;
      const swapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      current.push(
        Math.min(
          (last[column] ?? Infinity) + 1,
          (current[column - 1] ?? Infinity) + 1,
          (last[column - 1] ?? Infinity) + change,
          swapped ? (beforeLast[column - 2] ?? Infinity) + 1 : Infinity,
        ),
      );
    }
    beforeLast = last;
    last = current;
  }
  return last[to.length] ?? Infinity;
}
