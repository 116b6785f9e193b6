import { read, sendFile } from './api.js';
import { button, card, element, on, scrollingList } from './dom.js';

/** Card 5: a file library whose service is not there. Upload stays disabled until a file is chosen, and then fails. */
export function filesCard() {
  const refresher = button('Refresh');
  const input = element('input', { id: 'file-input', class: 'input', type: 'file' });
  const submit = element('button', { class: 'btn btn-primary', disabled: true }, 'Upload');
  const form = element(
    'form',
    { class: 'mc-form' },
    element('label', { class: 'mc-label', for: 'file-input' }, 'Choose a file to keep'),
    element('div', { class: 'input-row' }, input, submit),
  );
  const list = scrollingList('Files');
  const { root, say } = card({
    title: 'File Library',
    controls: [refresher],
    subtitle: 'Pictures and papers that belong to the story.',
    content: [form, list],
  });
  const refresh = async () => {
    try {
      const { files } = await read('/api/files/list?limit=50');
      list.replaceChildren(...files.map(({ key }) => element('li', { class: 'entry' }, String(key))));
      say('');
    } catch {
      list.replaceChildren(element('li', { class: 'mc-empty' }, 'The library is closed here.'));
    }
  };
  on(refresher, 'click', refresh);
  on(input, 'change', () => (submit.disabled = input.files.length === 0));
  on(form, 'submit', async (event) => {
    event.preventDefault();
    if (submit.disabled) return;
    submit.disabled = true;
    try {
      await sendFile('/api/files/upload', input.files[0]);
      form.reset();
      say('');
      await refresh();
    } catch {
      say('Could not upload file. Please retry.');
    }
    submit.disabled = input.files.length === 0;
  });
  return { root, refresh };
}
