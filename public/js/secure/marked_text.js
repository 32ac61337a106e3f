// Words with marks in them: *what is named on the screen*, `what is typed`.

/** @param {string} text @returns {{ tag: 'b' | 'code' | null, text: string }[]} */
export function readMarks(text) {
  return text.split(/(\*[^*]+\*|`[^`]+`)/).filter(Boolean).map(part => {
    if (part.length > 2 && part.startsWith('*') && part.endsWith('*')) return { tag: 'b', text: part.slice(1, -1) };
    if (part.length > 2 && part.startsWith('`') && part.endsWith('`')) return { tag: 'code', text: part.slice(1, -1) };
    return { tag: null, text: part };
  });
}

/** @param {Element} element @param {string} text */
export function writeMarked(element, text) {
  element.replaceChildren(...readMarks(text).map(part => {
    if (!part.tag) return part.text;
    const mark = document.createElement(part.tag);
    mark.textContent = part.text;
    return mark;
  }));
}
