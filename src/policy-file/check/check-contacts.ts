import type { Draft, DraftContact } from '../draft.js';
import type { Problems } from '../problem.js';

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
      problems.warning(
        'contact-same-name',
        contact.name.place,
        `"${sameName.handle.value}" has the same name: results tell people apart by it; add something to one of them`,
      );
    }
    const sameNumber = earlier(contacts, contact, ({ phone }) => phone.value);
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
