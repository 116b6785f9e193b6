import { read, send } from './api.js';
import { button, card, element, on, scrollingList } from './dom.js';

const shownMax = 120;

/** Card 6: whole numbers sent to the server and read back. The input waits while they load; the value travels as text. */
export function diagnosticsCard() {
  const refresher = button('Refresh');
  const input = element('input', {
    id: 'legacy-value-input',
    class: 'input',
    type: 'number',
    inputmode: 'numeric',
    placeholder: 'Enter any whole number',
    disabled: true,
  });
  const submit = element('button', { class: 'btn btn-primary', disabled: true }, 'Send');
  const form = element(
    'form',
    { class: 'mc-form', novalidate: true },
    element('label', { class: 'mc-label', for: 'legacy-value-input' }, 'A number for the server to keep'),
    element('div', { class: 'input-row' }, input, submit),
  );
  const list = scrollingList('Numbers', 'numbers');
  const { root, say } = card({
    title: 'Server Diagnostics',
    controls: [refresher],
    subtitle: 'Goes straight to the server and comes back from its table.',
    content: [form, list],
  });
  const busy = (now) => {
    input.disabled = now;
    submit.disabled = now || input.value.trim() === '';
  };
  const refresh = async () => {
    busy(true);
    try {
      showNumbers(list, (await read('/api/server/values/all')).rows);
    } catch (error) {
      say(`Could not load server values. Please try again. ${error.message}`);
    }
    busy(false);
  };
  on(refresher, 'click', () => {
    say('');
    void refresh();
  });
  on(input, 'input', () => busy(false));
  on(form, 'submit', async (event) => {
    event.preventDefault();
    if (submit.disabled) return;
    if (!/^-?\d+$/.test(input.value.trim())) return say('Only whole numbers are supported.');
    busy(true);
    try {
      await send('/api/server/values', { value: input.value.trim() });
      input.value = '';
      say('');
      await refresh();
    } catch (error) {
      say(`Could not save the number. ${error.message}`);
      busy(false);
    }
  });
  return { root, refresh };
}

/** The newest are at the end of the answer; a table without a limit is not put on the page as a whole. */
function showNumbers(list, rows) {
  const newest = rows.slice(-shownMax);
  const items = newest.map(({ number }) => element('li', { class: 'chip' }, String(number)));
  const hidden = rows.length - newest.length;
  if (hidden > 0) items.unshift(element('li', { class: 'mc-hint' }, `${hidden} earlier ones, then`));
  list.replaceChildren(...(items.length > 0 ? items : [element('li', { class: 'mc-empty' }, 'No numbers kept yet.')]));
}
