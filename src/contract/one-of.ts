import { Type, type TLiteral, type TSchemaOptions, type TUnsafe } from 'typebox';

/** One of these words, as their list or with the meaning of each. */
export function oneOf<W extends string>(
  words: readonly W[] | Readonly<Record<W, string>>,
  options?: TSchemaOptions,
): TUnsafe<W> & { readonly anyOf: readonly TLiteral<W>[] } {
  const list: readonly [W, { readonly description?: string }][] = Array.isArray(words)
    ? words.map((word: W) => [word, {}])
    : (Object.entries(words) as [W, string][]).map(([word, description]) => [word, { description }]);
  const literals = list.map(([word, about]) => Type.Literal(word, about));
  return Object.assign(Type.Unsafe<W>(Type.Union(literals, options)), { anyOf: literals });
}
