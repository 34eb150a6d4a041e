/** Focus: the part of the graph that the figure shows, between what is chosen and the output, or below it. */

/**
 * @param {HTMLElement} root
 * @param {import("../workbench.js").PageStore} store
 * @param {(focus: string) => void} choose
 */
export function bindFocus(root, store, choose) {
  root.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const asked = target?.closest("[data-focus]")?.getAttribute("data-focus");
    if (typeof asked === "string") choose(asked);
    else if (target?.closest("[data-focus-on]")) choose(store.state.focus ? "" : subject());
    else return;
    event.preventDefault();
  });

  /** What is chosen; of an edge the node that it comes from; else the first variable. */
  function subject() {
    const { about, graph, tensors } = store.state;
    const known = graph ?? tensors;
    const edge = /^(.*)\.(\d+)$/s.exec(about);
    const parent = edge && known?.nodes.find(({ id }) => id === edge[1]);
    return parent?.args[Number(edge?.[2])] ?? (about || (known?.variables[0] ?? ""));
  }

  const button = root.querySelector("[data-focus-on]");
  store.subscribe(["focus"], ({ focus }) => button?.setAttribute("aria-pressed", String(focus !== "")));
}
