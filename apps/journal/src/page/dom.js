/* global document */

/**
 * A DOM element with attributes and children. Strings become text nodes, so nothing that a user wrote is ever markup;
 * `false` and `undefined` leave an attribute or a child out.
 */
export function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false && value !== undefined) node.setAttribute(name, value === true ? '' : String(value));
  }
  node.append(...children.filter((child) => child !== false && child !== undefined));
  return node;
}

/** A button that sits in a form has no type: it submits. All others say type="button". */
export function button(label, attributes = {}) {
  return element('button', { class: 'btn btn-ghost', type: 'button', ...attributes }, label);
}

export function on(node, event, act) {
  node.addEventListener(event, act);
  return node;
}

/** A card: heading, controls beside it, one line of explanation, a status line for failures, then its content. */
export function card({ title, controls = [], subtitle, content }) {
  const status = element('p', { class: 'mc-status', role: 'status' });
  const root = element(
    'section',
    { class: 'mc-card', 'aria-label': title },
    element(
      'div',
      { class: 'mc-header' },
      element('h2', { class: 'mc-title' }, title),
      element('div', { class: 'mc-controls' }, ...controls),
    ),
    element('p', { class: 'mc-subtitle' }, subtitle),
    status,
    ...content,
  );
  return { root, say: (words) => (status.textContent = words) };
}

/** A list that scrolls when it is long, also with the keyboard. */
export function scrollingList(label, kind = '') {
  return element('ul', { class: `mc-values ${kind}`.trim(), 'aria-label': label, tabindex: 0 });
}

/** Cuts what is typed or pasted at `max` characters, without a word, as it arrives. */
export function cutAt(input, max) {
  on(input, 'input', () => {
    if (input.value.length > max) input.value = input.value.slice(0, max);
  });
}

/** "just now", "7 min ago", "today 10:04", "3 Nov 10:04"; the exact time on hover and for machines. */
export function timeOf(iso) {
  const then = new Date(iso);
  if (Number.isNaN(then.getTime())) return element('span', { class: 'entry-meta' }, '');
  return element(
    'time',
    { class: 'entry-meta', datetime: iso, title: then.toLocaleString() },
    timeWords(then, new Date()),
  );
}

function timeWords(then, now) {
  const minutes = Math.floor((now - then) / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${minutes} min ago`;
  const clock = then.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  if (then.toDateString() === now.toDateString()) return `today ${clock}`;
  return `${then.toLocaleDateString([], { day: 'numeric', month: 'short' })} ${clock}`;
}
