/** In the plan editor: fields that are wrong are told so to whoever listens, what a channel has not is hidden, what
 * was unfolded stays so when it comes anew, and what was written before the page was ready is tried, too. */

const form = document.getElementById("plan");

const mark = () => {
  for (const input of form.querySelectorAll("[data-note]")) {
    const wrong = document.getElementById(input.dataset.note).classList.contains("wrong");
    wrong ? input.setAttribute("aria-invalid", "true") : input.removeAttribute("aria-invalid");
  }
};

const fit = () => {
  const channel = form.elements.channel.value;
  for (const part of form.querySelectorAll("[data-channels]")) {
    part.hidden = !part.dataset.channels.split(" ").includes(channel);
  }
};

const differs = (input) => input.value !== input.defaultValue || input.checked !== input.defaultChecked;
const tryWhatIsThere = () => {
  if ([...form.querySelectorAll("input")].some(differs)) form.dispatchEvent(new Event("change"));
};

const unfolded = new Map();
const remember = () => {
  for (const part of document.querySelectorAll("#check details")) unfolded.set(part.id, part.open);
};
const unfold = () => {
  for (const part of document.querySelectorAll("#check details")) {
    if (unfolded.has(part.id)) part.open = unfolded.get(part.id);
  }
};

if (form) {
  form.elements.channel.addEventListener("change", fit);
  document.addEventListener("htmx:beforeSwap", remember);
  document.addEventListener("htmx:afterSettle", () => (mark(), unfold()));
  document.addEventListener("htmx:load", tryWhatIsThere, { once: true });
  fit();
}
