/** JSON Schema as rows of Markdown tables: as much of it as the contract uses. */

export interface Schema {
  readonly type?: string;
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}

/** The schema as JSON has it, without what TypeBox keeps beside. */
export function plain(schema: object): Schema {
  return JSON.parse(JSON.stringify(schema)) as Schema;
}

export interface FieldOptions {
  /** Shapes that are shown as a link. */
  readonly shapes: readonly { readonly schema: Schema; readonly link: string }[];
  /** Whether there is a column for the default; it says `required` for a field that must be given. */
  readonly defaults: 'shown' | 'hidden';
}

type Row = readonly string[];

export function table(head: Row, rows: readonly Row[]): string {
  const line = (cells: Row) => `| ${cells.map(escaped).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

/** A bar would end the cell; an angle bracket outside of code would begin a tag. */
function escaped(cell: string): string {
  const parts = cell.replaceAll('|', '\\|').split(/(`[^`]*`)/);
  return parts.map((part) => (part.startsWith('`') ? part : part.replaceAll('<', '\\<'))).join('');
}

/** A row for each field; those of an object inside follow it, as `outer.inner`, `list[].inner` or `map.<key>.inner`. */
export function fieldsOf(schema: Schema, options: FieldOptions, prefix = ''): readonly Row[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const path = `${prefix}${name}`;
    const { alternatives } = withoutNull(field);
    const meaning = field.description ?? alternatives.map(meaningOf).find((text) => text !== '') ?? '';
    const given = schema.required?.includes(name) === true ? 'required' : '';
    const fallback = field.default === undefined ? given : `\`${JSON.stringify(field.default)}\``;
    const row = [`\`${path}\``, typeOf(field, options), ...(options.defaults === 'shown' ? [fallback] : []), meaning];
    return [row, ...alternatives.flatMap((inner) => innerFields(inner, options, path))];
  });
}

/** Name and meaning of each word of a union. */
export function constantsOf({ anyOf = [] }: Schema): readonly Row[] {
  return anyOf.map((word) => [`\`${String(word.const)}\``, word.description ?? '']);
}

const meaningOf = ({ description, title }: Schema): string => description ?? (title === undefined ? '' : `${title}.`);

function innerFields(schema: Schema, options: FieldOptions, path: string): readonly Row[] {
  if (linkOf(schema, options) !== undefined) return [];
  if (schema.items !== undefined) {
    return linkOf(schema.items, options) === undefined ? fieldsOf(schema.items, options, `${path}[].`) : [];
  }
  const { additionalProperties } = schema;
  if (typeof additionalProperties === 'object') return fieldsOf(additionalProperties, options, `${path}.<key>.`);
  return fieldsOf(schema, options, `${path}.`);
}

function withoutNull(schema: Schema): { readonly alternatives: readonly Schema[]; readonly nullable: boolean } {
  const all = schema.anyOf ?? [schema];
  const alternatives = all.filter(({ type }) => type !== 'null');
  return { alternatives, nullable: alternatives.length < all.length };
}

function typeOf(schema: Schema, options: FieldOptions): string {
  const { alternatives, nullable } = withoutNull(schema);
  const words = alternatives.length > 2 && alternatives.every((one) => one.const !== undefined && one.description);
  const types = words ? ['one of the words below'] : alternatives.map((one) => plainType(one, options));
  return new Intl.ListFormat('en', { type: 'disjunction', style: 'long' })
    .format([...types, ...(nullable ? ['null'] : [])])
    .replace(', or ', ' or ');
}

function plainType(schema: Schema, options: FieldOptions): string {
  const link = linkOf(schema, options);
  if (link !== undefined) return link;
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.items !== undefined) {
    return `list of ${plural(typeOf(schema.items, options))}${range(schema.minItems, schema.maxItems, '')}`;
  }
  switch (schema.type) {
    case undefined:
      return 'any';
    case 'string':
      return `text${range(schema.minLength, schema.maxLength, ' characters')}`;
    case 'object':
      return typeof schema.additionalProperties === 'object' && schema.additionalProperties.properties === undefined
        ? `object whose values are ${typeOf(schema.additionalProperties, options)}`
        : 'object';
    default:
      return `${schema.type}${range(schema.minimum, schema.maximum, '')}`;
  }
}

const plural = (type: string): string => (type === 'object' ? 'objects' : type.replace(/^\[call\]/, '[calls]'));

function range(from: number | undefined, to: number | undefined, unit: string): string {
  const show = (value: number) => value.toLocaleString('en');
  if (to === undefined) return '';
  return from === undefined || from === 0 ? ` (at most ${show(to)}${unit})` : ` (${show(from)} to ${show(to)}${unit})`;
}

function linkOf(schema: Schema, { shapes }: FieldOptions): string | undefined {
  return shapes.find((shape) => JSON.stringify(shape.schema) === JSON.stringify(schema))?.link;
}
