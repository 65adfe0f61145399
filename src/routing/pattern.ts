import { parsePattern, PatternError, type Node, type Test } from './pattern-syntax.js';

/**
 * Regular expressions whose time to match grows with the text and with the expression, and no faster. What a label says
 * comes from outside: with the engine of JavaScript a value could be made that keeps a gateway busy for hours.
 *
 * The usual notation: `. [a-z] [^a-z] \d \w \s \D \W \S ( ) | * + ? {2} {2,} {2,5}`, and `(?i)` at the beginning for any
 * case. A pattern has to match the whole text. References and assertions, which cannot be matched in this way, are not
 * known.
 */
export interface Pattern {
  readonly source: string;
  readonly matches: (text: string) => boolean;
}

export type PatternReading =
  | { readonly ok: true; readonly pattern: Pattern }
  /** `at`: the character of the source, from 0. */
  | { readonly ok: false; readonly at: number; readonly message: string };

export function readPattern(source: string): PatternReading {
  try {
    const program = new Compiler().compile(parsePattern(source));
    return { ok: true, pattern: { source, matches: (text) => run(program, text) } };
  } catch (error) {
    if (error instanceof PatternError) return { ok: false, at: error.at, message: error.message };
    throw error;
  }
}

/** One step of the machine: reads a character, or goes on in several places, or has found the whole. */
type Step = { readonly kind: 'read'; readonly test: Test } | Jump | { readonly kind: 'found' };
interface Jump {
  readonly kind: 'jump';
  readonly targets: number[];
}

const MOST_STEPS = 2_000;

class Compiler {
  readonly #steps: Step[] = [];
  /** Of nodes, since what reads nothing makes no steps and can be repeated all the same. */
  #emitted = 0;

  compile(node: Node): readonly Step[] {
    this.#emit(node);
    this.#steps.push({ kind: 'found' });
    return this.#steps;
  }

  #emit(node: Node): void {
    this.#emitted += 1;
    if (this.#emitted > MOST_STEPS) throw new PatternError(0, 'the pattern is too large; shorten it, or count less');
    switch (node.kind) {
      case 'character':
        this.#steps.push({ kind: 'read', test: node.test });
        return;
      case 'sequence':
        for (const part of node.nodes) this.#emit(part);
        return;
      case 'choice':
        return this.#emitChoice(node.nodes);
      case 'repeat':
        return this.#emitRepeat(node);
      default:
        node satisfies never;
    }
  }

  #emitChoice(nodes: readonly Node[]): void {
    const branch = this.#jump();
    const ends = nodes.map((node) => {
      branch.targets.push(this.#steps.length);
      this.#emit(node);
      return this.#jump();
    });
    for (const end of ends) end.targets.push(this.#steps.length);
  }

  #emitRepeat({ node, least, most }: Extract<Node, { kind: 'repeat' }>): void {
    for (let count = 0; count < least; count += 1) this.#emit(node);
    if (most === Infinity) {
      const start = this.#steps.length;
      const loop = this.#jump();
      loop.targets.push(this.#steps.length);
      this.#emit(node);
      this.#jump().targets.push(start);
      loop.targets.push(this.#steps.length);
      return;
    }
    const exits: Jump[] = [];
    for (let count = least; count < most; count += 1) {
      const exit = this.#jump();
      exits.push(exit);
      exit.targets.push(this.#steps.length);
      this.#emit(node);
    }
    for (const exit of exits) exit.targets.push(this.#steps.length);
  }

  #jump(): Jump {
    const jump: Jump = { kind: 'jump', targets: [] };
    this.#steps.push(jump);
    return jump;
  }
}

/** All places where the machine can be at once, one character after the other (Thompson's construction). */
function run(program: readonly Step[], text: string): boolean {
  let places = closure(program, [0]);
  for (const character of text) {
    const next: number[] = [];
    for (const place of places) {
      const step = program[place];
      if (step?.kind === 'read' && step.test(character)) next.push(place + 1);
    }
    if (next.length === 0) return false;
    places = closure(program, next);
  }
  return [...places].some((place) => program[place]?.kind === 'found');
}

function closure(program: readonly Step[], from: readonly number[]): ReadonlySet<number> {
  const found = new Set<number>();
  const ahead = [...from];
  for (let place = ahead.pop(); place !== undefined; place = ahead.pop()) {
    if (found.has(place)) continue;
    found.add(place);
    const step = program[place];
    if (step?.kind === 'jump') ahead.push(...step.targets);
  }
  return found;
}
