/** What elements show, written only where it changes: to write the same again is work for the browser, too. */

/** @param {Element | null | undefined} element @param {string} text */
export function say(element, text) {
  if (element && element.textContent !== text) element.textContent = text;
}

/**
 * @param {Element | null | undefined} element
 * @param {string} name
 * @param {string | number | null} value null takes it away
 */
export function attribute(element, name, value) {
  const text = value === null ? null : String(value);
  if (!element || element.getAttribute(name) === text) return;
  if (text === null) element.removeAttribute(name);
  else element.setAttribute(name, text);
}
