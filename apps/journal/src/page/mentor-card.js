import { send } from './api.js';
import { button, card, element, on } from './dom.js';

/** Card 4: asks the AI routes by itself once there is something to read. This journal has none behind them and says so. */
export function mentorCard({ material }) {
  const insights = element(
    'p',
    { class: 'mentor-words' },
    'Write an entry or log a mood, and the mentor will be asked.',
  );
  const prompt = element('p', { class: 'mentor-words' }, '');
  const askAgain = button('Refresh insights');
  const newPrompt = button('New prompt');
  const { root } = card({
    title: 'AI Mentor',
    controls: [askAgain, newPrompt],
    subtitle: 'A second pair of eyes on your week.',
    content: [element('div', { class: 'mentor' }, insights, prompt)],
  });
  const askInsights = async () => {
    const { entries, moods } = material();
    const about = { entry: entries[0]?.text ?? '', mood: moods[0]?.mood ?? '', note: moods[0]?.note ?? '' };
    insights.textContent = await answer('/api/ai/insights', about, ({ insights: found }) => found?.summary);
  };
  const askPrompt = async () => {
    const { entries, searched } = material();
    const about = { focus: searched, entries: entries.slice(0, 20).map(({ text }) => text) };
    prompt.textContent = await answer('/api/ai/prompt', about, ({ prompt: found }) => found);
  };
  on(askAgain, 'click', askInsights);
  on(newPrompt, 'click', askPrompt);
  const refresh = async () => {
    const { entries, moods } = material();
    if (entries.length + moods.length > 0) await Promise.all([askInsights(), askPrompt()]);
  };
  return { root, refresh };
}

async function answer(path, about, pick) {
  try {
    return String(pick(await send(path, about)) ?? 'The mentor had nothing to say.');
  } catch {
    return path.endsWith('prompt') ? '' : 'No mentor is connected to this journal. Your own words will do.';
  }
}
