const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (one) => entities[one]!);

/** A bare page with one sentence, for the answers that are HTML in the contract. */
export function htmlPage(sentence: string): string {
  return `<!DOCTYPE html>\n<html lang="en">\n<head><meta charset="utf-8"><title>${escapeHtml(sentence)}</title></head>\n<body><pre>${escapeHtml(sentence)}</pre></body>\n</html>\n`;
}
