import type { Problems } from '../../yaml-file/problem.js';
import type { YamlFile } from '../../yaml-file/read-file.js';
import { stepsOf } from '../parts.js';
import type { PolicyFile } from '../policy-file-schema.js';
import { diallable, withinJapan } from '../telephone-number.js';
import { shortened } from '../../yaml-file/located.js';

/**
 * Contacts that nobody calls, or that cannot be told apart.
 *
 * @param people Handles of the file of people.
 */
export function checkContacts(
  policy: PolicyFile,
  people: readonly string[],
  file: YamlFile<unknown>,
  problems: Problems,
): void {
  const called = new Set(stepsOf(policy).flatMap(({ calls }) => calls.flatMap(({ call }) => call.contacts ?? [])));
  // Anybody may be on duty.
  const asksDuty = [...called].some((callee) => typeof callee !== 'string');
  const contacts = Object.entries(policy.contacts ?? {}).map(([handle, { name = handle, phone }]) => ({
    handle,
    name,
    number: withinJapan(diallable(phone)),
  }));
  for (const contact of contacts) {
    const { handle, name } = contact;
    const path = ['contacts', handle];
    if (!called.has(handle) && !asksDuty) {
      problems.warning(
        'contact-unused',
        file.keyAt(path),
        `no step calls "${handle}"; add it to the contacts of a call, or remove it`,
      );
    }
    if (people.includes(handle)) {
      problems.warning(
        'contact-also-person',
        file.keyAt(path),
        `"${handle}" is in the file of people too, and what is written here counts: a new number there changes nothing in this policy; remove it here`,
      );
    }
    const sameName = contacts.find((other) => other.name === name);
    if (sameName !== undefined && sameName !== contact) {
      const isHandle = policy.contacts?.[handle]?.name === undefined;
      problems.error(
        'contact-same-name',
        isHandle ? file.keyAt(path) : file.at([...path, 'name']),
        `"${sameName.handle}" has the name ${shortened(name)} too: Pigeon says by it who pressed a key, so nobody would know which of the two owns the incident; name them apart, such as ${shortened(name)} (2)`,
      );
    }
    const sameNumber = contacts.find(({ number }) => number === contact.number);
    if (sameNumber !== undefined && sameNumber !== contact) {
      problems.warning(
        'contact-same-number',
        file.at([...path, 'phone']),
        `"${sameNumber.handle}" has the same number: calling both rings one telephone twice; is one of them a slip?`,
      );
    }
  }
}
