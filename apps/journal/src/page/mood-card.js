import { read, send } from './api.js';
import { button, card, cutAt, element, on, scrollingList, timeOf } from './dom.js';

export const moodWords = {
  grateful: 'Grateful',
  happy: 'Happy',
  calm: 'Calm',
  focused: 'Focused',
  stressed: 'Stressed',
  tired: 'Tired',
  energized: 'Energized',
};

/** A mood as a word with its colour; a mood that we do not know is shown as it came. */
export function moodChip(mood, ...more) {
  return element('span', { class: 'chip', 'data-mood': mood }, moodWords[mood] ?? String(mood), ...more);
}

/** Card 2: log a mood with a note, read the newest twenty. The button waits only while moods load. */
export function moodCard({ saved, changed }) {
  const refresher = button('Refresh');
  const { form, select, note, submit } = moodForm();
  const list = scrollingList('Newest moods');
  const { root, say } = card({
    title: 'Mood Tracker',
    controls: [refresher],
    subtitle: 'A word for how it feels, and why if you like.',
    content: [form, list],
  });
  const refresh = async () => {
    submit.disabled = true;
    try {
      const { rows } = await read('/api/moods/all?limit=20');
      showMoods(list, rows);
      changed(rows);
    } catch (error) {
      say(`Could not load the moods. ${error.message}`);
    }
    submit.disabled = false;
  };
  on(refresher, 'click', () => {
    say('');
    void refresh();
  });
  on(form, 'submit', async (event) => {
    event.preventDefault();
    if (submit.disabled) return;
    submit.disabled = true;
    const row = { mood: select.value, note: note.value };
    try {
      await send('/api/moods', row);
      if (select.value === row.mood && note.value === row.note) form.reset(); // else the next one is being typed already
      say('');
      saved();
    } catch (error) {
      say(`Could not save the mood. ${error.message}`);
      submit.disabled = false;
    }
  });
  return { root, refresh };
}

function moodForm() {
  const select = element('select', { id: 'mood-select', class: 'select' });
  for (const [value, word] of Object.entries(moodWords)) select.append(element('option', { value }, word));
  const submit = element('button', { class: 'btn btn-primary', disabled: true }, 'Log mood');
  const note = element('textarea', {
    class: 'input textarea',
    rows: 3,
    placeholder: 'Optional note',
    'aria-label': 'Optional note',
  });
  cutAt(note, 240);
  const form = element(
    'form',
    { class: 'mc-form' },
    element('label', { class: 'mc-label', for: 'mood-select' }, 'How are you feeling?'),
    element('div', { class: 'input-row' }, select, submit),
    note,
    element('small', { class: 'mc-hint' }, 'Max 240 characters.'),
  );
  return { form, select, note, submit };
}

function showMoods(list, rows) {
  const items = rows.map((row) =>
    element(
      'li',
      { class: 'entry' },
      moodChip(row.mood),
      element('span', { class: 'entry-note' }, String(row.note ?? '')),
      timeOf(row.created_at),
    ),
  );
  list.replaceChildren(...(items.length > 0 ? items : [element('li', { class: 'mc-empty' }, 'No moods logged yet.')]));
}
