import type { Draft, DraftContact } from '../draft.js';
import type { Problems } from '../../yaml-file/problem.js';
import { withinJapan } from '../telephone-number.js';
import { shortened } from '../../yaml-file/located.js';

/** Contacts that nobody calls, or that cannot be told apart. */
export function checkContacts(draft: Draft, problems: Problems): void {
  const called = new Set(
    [...draft.steps.values()].flatMap(({ calls }) =>
      calls.flatMap(({ callees }) => (callees.kind === 'described' ? callees.contacts.map(({ value }) => value) : [])),
    ),
  );
  const contacts = [...draft.contacts.values()];
  for (const contact of contacts) {
    const { value: handle, place } = contact.handle;
    if (!called.has(handle)) {
      problems.warning(
        'contact-unused',
        place,
        `no step calls "${handle}"; add it to the contacts of a call, or remove it`,
      );
    }
    const sameName = earlier(contacts, contact, ({ name }) => name.value);
    if (sameName !== undefined) {
      const { value } = contact.name;
      problems.error(
        'contact-same-name',
        contact.name.place,
        `"${sameName.handle.value}" has the name ${shortened(value)} too: Pigeon says by it who pressed a key, so nobody would know which of the two owns the incident; name them apart, such as ${shortened(value)} (2)`,
      );
    }
    const sameNumber = earlier(contacts, contact, ({ phone }) => withinJapan(phone.value));
    if (sameNumber !== undefined) {
      problems.warning(
        'contact-same-number',
        contact.phone.place,
        `"${sameNumber.handle.value}" has the same number: calling both rings one telephone twice; is one of them a slip?`,
      );
    }
  }
}

function earlier(
  contacts: readonly DraftContact[],
  contact: DraftContact,
  by: (contact: DraftContact) => string,
): DraftContact | undefined {
  const first = contacts.find((other) => by(other) === by(contact));
  return first === contact ? undefined : first;
}
