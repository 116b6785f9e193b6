import { read, send } from './api.js';
import { button, card, cutAt, element, on, scrollingList, timeOf } from './dom.js';

const limits = [10, 25, 50, 100];
const limitAtFirst = 25;

/** Card 1: write an entry, search and read the newest ones. `changed(entries)` is told after every reading. */
export function journalCard({ saved, changed }) {
  const limit = element('select', { class: 'select', 'aria-label': 'Limit entries' });
  for (const n of limits) limit.append(element('option', { value: n, selected: n === limitAtFirst }, `Last ${n}`));
  const refresher = button('Refresh');
  const { form, input, search, submit } = entryForm();
  const list = scrollingList('Newest entries');
  const { root, say } = card({
    title: 'Gratitude Journal',
    controls: [limit, refresher],
    subtitle: 'One good thing, in your own words.',
    content: [form, list],
  });
  let rows = [];
  const show = () => showEntries(list, rows, search.value);
  const refresh = async () => {
    try {
      rows = (await read(`/api/journal/entries/all?limit=${limit.value}`)).rows;
      show();
      changed(rows);
    } catch (error) {
      say(`Could not load the entries. ${error.message}`);
    }
  };
  on(search, 'input', show);
  on(limit, 'change', refresh);
  on(refresher, 'click', () => {
    say('');
    void refresh();
  });
  const busy = { now: false };
  const enable = () => (submit.disabled = busy.now || input.value.trim() === '');
  on(input, 'input', enable);
  on(form, 'submit', async (event) => {
    event.preventDefault();
    if (busy.now || input.value.trim() === '') return;
    busy.now = true;
    enable();
    const text = input.value;
    try {
      await send('/api/journal/entries', { text });
      if (input.value === text) input.value = ''; // else the next entry is being typed already
      say('');
      saved();
    } catch (error) {
      say(`Could not save the entry. ${error.message}`);
    }
    busy.now = false;
    enable();
  });
  return { root, refresh, focus: () => input.focus(), searched: () => search.value.trim() };
}

/** The search box belongs to the same form: Enter in it submits the entry. */
function entryForm() {
  const input = element('input', {
    id: 'entry-input',
    class: 'input',
    placeholder: 'e.g., Morning coffee, a kind message, sunny walk',
  });
  cutAt(input, 200);
  const submit = element('button', { class: 'btn btn-primary', disabled: true }, 'Submit');
  const search = element('input', { class: 'input', placeholder: 'Search entries', 'aria-label': 'Search entries' });
  const form = element(
    'form',
    { class: 'mc-form' },
    element('label', { class: 'mc-label', for: 'entry-input' }, 'What are you grateful for?'),
    element('div', { class: 'input-row' }, input, submit),
    element('small', { class: 'mc-hint' }, 'Max 200 characters.'),
    element('div', { class: 'search-row' }, search),
  );
  return { form, input, search, submit };
}

function showEntries(list, rows, words) {
  const wanted = words.trim().toLowerCase();
  const found = rows.filter((row) => String(row.text).toLowerCase().includes(wanted));
  const empty = rows.length === 0 ? 'No entries yet. The first one is the hardest.' : 'No entries match your search.';
  const items = found.map((row) =>
    element(
      'li',
      { class: 'entry' },
      element('span', { class: 'entry-text' }, String(row.text)),
      timeOf(row.created_at),
    ),
  );
  list.replaceChildren(...(items.length > 0 ? items : [element('li', { class: 'mc-empty' }, empty)]));
}
