/** A lesson's page: a figure that is wider than its frame begins where its output stands. */

const frame = document.querySelector(".lesson-figure");
const output = frame?.querySelector(".node.output");

if (frame && output && frame.scrollWidth > frame.clientWidth) {
  const [outer, inner] = [frame.getBoundingClientRect(), output.getBoundingClientRect()];
  frame.scrollLeft += inner.left + inner.width / 2 - (outer.left + outer.width / 2);
}
