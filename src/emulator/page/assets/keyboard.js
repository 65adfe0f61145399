/** @import { Desk } from './desk.js' */

/**
 * Lets the keyboard act at the telephones wherever the focus is, unless `enabled` says no.
 *
 * @param {Desk} desk
 * @param {{ readonly enabled: () => boolean, readonly onSeveral: () => void }} hooks
 */
export function useKeyboard(desk, { enabled, onSeveral }) {
  document.addEventListener('keydown', (event) => {
    if (!enabled() || event.repeat || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const { key } = event;
    if (key === 'Enter' && isOperable(event.target)) return;
    const act = actOf(key);
    if (act === undefined) return;

    const card = meant(desk, act);
    if (card === 'none') return;
    event.preventDefault();
    if (card === 'several') return onSeveral();
    if (!card.hasFocus) card.focus();
    if (act === 'pick-up') void card.pickUp();
    else if (act === 'hang-up') void card.hangUp();
    else void card.press(key);
  });
}

/** @param {string} key */
function actOf(key) {
  if (key === 'Enter') return 'pick-up';
  if (key === 'Escape') return 'hang-up';
  return /^[0-9*#]$/.test(key) ? 'press' : undefined;
}

/**
 * Escape hangs up the telephone in use before it declines another that rings.
 *
 * @param {Desk} desk
 * @param {'pick-up' | 'hang-up' | 'press'} act
 */
function meant(desk, act) {
  if (act === 'pick-up') return desk.meant('ringing');
  if (act === 'press') return desk.meant('talking');
  const talking = desk.meant('talking');
  const any = desk.meant('any');
  return any === 'several' && talking !== 'none' ? talking : any;
}

/** @param {EventTarget | null} target whose own answer to Enter must not be taken away */
function isOperable(target) {
  return target instanceof Element && target.closest('a, button, summary, input, select, textarea') !== null;
}
