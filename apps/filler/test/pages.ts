// Pages of apps as students write them: the three forms of the reference app, and what they send.

export const forms = `
  <form><input id="entry-input"><button>Submit</button><input aria-label="Search entries"></form>
  <form><select id="mood-select"><option>calm</option><option>happy</option></select><button>Log mood</button><textarea></textarea></form>
  <form><input id="legacy-value-input" type="number"><button>Send</button></form>`;
export const script = (body: string) => `<script>${body}</script>`;
/** Posts each form as the reference app does; `then` follows the call of fetch, `body` is what it sends. */
export const posting = ({ then = '.catch(() => {})', body = 'JSON.stringify({ fields })' } = {}) => `
  const paths = ['/api/journal/entries', '/api/moods', '/api/server/values'];
  document.querySelectorAll('form').forEach((form, i) => form.addEventListener('submit', (event) => {
    event.preventDefault();
    const fields = [...form.querySelectorAll('input,select,textarea')].map((field) => field.value);
    fetch(paths[i], { method: 'POST', headers: { 'content-type': 'application/json' }, body: ${body} })${then};
  }));`;
export const ordinaryPage = forms + script(posting());

export const entry = { kind: 'entry', text: '~0123456789 A short walk' } as const;
export const mood = { kind: 'mood', mood: 'happy', note: '~abcdefghjk slept well' } as const;
export const value = { kind: 'value', value: 424_242_424 } as const;
export type Payload = typeof entry | typeof mood | typeof value;
