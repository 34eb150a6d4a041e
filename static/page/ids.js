/** Ids are a document's, and a document may hold several pages: those of a page end in its own suffix. */

/** Attributes that name one id, or several with blanks between them. */
const REFERENCES = ["for", "popovertarget", "aria-labelledby", "aria-describedby"];

/**
 * Ends the ids of this markup, and what refers to them, in the suffix.
 * @param {ParentNode} markup @param {string} suffix nothing where the page has the document for itself
 */
export function suffixIds(markup, suffix) {
  if (!suffix) return;
  for (const element of markup.querySelectorAll("[id]")) element.id += suffix;
  for (const name of REFERENCES) {
    for (const element of markup.querySelectorAll(`[${name}]`)) {
      const ids = (element.getAttribute(name) ?? "").split(" ");
      element.setAttribute(name, ids.map((id) => id + suffix).join(" "));
    }
  }
  for (const link of markup.querySelectorAll('a[href^="#"]')) {
    link.setAttribute("href", link.getAttribute("href") + suffix);
  }
  for (const template of markup.querySelectorAll("template")) suffixIds(template.content, suffix);
}
