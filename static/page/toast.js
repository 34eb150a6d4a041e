/** A short message that goes by itself. */

/**
 * @param {HTMLElement} root @param {import("./clock.js").Clock} clock
 * @returns {(message: string) => void}
 */
export function createToast(root, clock) {
  const toast = /** @type {HTMLElement | null} */ (root.querySelector(".toast"));
  let cancel = () => {};
  return (message) => {
    if (!toast) return;
    toast.textContent = message;
    cancel();
    cancel = clock.later(() => (toast.textContent = ""), 2_500);
  };
}
