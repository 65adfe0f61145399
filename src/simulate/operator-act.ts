import { SEVERITIES } from '../contract/severity.js';
import { type Update, UPDATES } from '../policy/incident-event.js';
import { Field } from './field.js';

/** Reads `{ at: 10m, do: acknowledge, by: sato }`; each act has the fields of the update of that name. */
export function parseOperatorAct(field: Field): Update {
  const what = new Map(field.entries()).get('do') ?? new Field(undefined, [...field.path, 'do']);
  const kind = what.word(UPDATES);
  switch (kind) {
    case 'acknowledge': {
      const { at, by, note, takeOver } = field.object('at', 'do', 'by', 'note', 'takeOver');
      return { kind, ...common(at, by), note: note.optionalText(), takeOver: takeOver.optionalFlag() };
    }
    case 'resolve': {
      const { at, by, note } = field.object('at', 'do', 'by', 'note');
      return { kind, ...common(at, by), note: note.optionalText() };
    }
    case 'escalate': {
      const { at, by, to, from } = field.object('at', 'do', 'by', 'to', 'from');
      return { kind, ...common(at, by), to: to.optionalText(), from: from.optionalText() };
    }
    case 'snooze': {
      const { at, by, for: time } = field.object('at', 'do', 'by', 'for');
      return { kind, ...common(at, by), for: time.optionalText() };
    }
    case 'hangUp': {
      const { at, by } = field.object('at', 'do', 'by');
      return { kind, ...common(at, by) };
    }
    case 'alert': {
      const { at, summary, severity } = field.object('at', 'do', 'summary', 'severity');
      const alert = { summary: summary.text(), severity: severity.word(SEVERITIES, 'error') };
      return { kind, at: at.milliseconds(), alert };
    }
    default:
      return kind satisfies never;
  }
}

function common(at: Field, by: Field): { readonly at: number; readonly by: string | undefined } {
  return { at: at.milliseconds(), by: by.optionalText() };
}
