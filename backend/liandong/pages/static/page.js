/** On every page: what htmx does when something fails, the bar, and buttons that copy. */

export const say = (text) => {
  const place = document.getElementById("said");
  place.textContent = text;
  clearTimeout(say.timer);
  say.timer = setTimeout(() => (place.textContent = ""), 4000);
};

const texts = document.documentElement.lang.startsWith("zh")
  ? { offline: "网络不通，没有加载成功。请稍后再试。", copied: "已复制" }
  : { offline: "The network does not answer. Try again in a moment.", copied: "Copied" };

for (const failed of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
  document.addEventListener(failed, () => say(texts.offline));
}

// a bar of many entries is wider than a phone
const here = document.querySelector(".tabs [aria-current]");
if (here) {
  const bar = here.parentElement;
  const [outer, inner] = [bar.getBoundingClientRect(), here.getBoundingClientRect()];
  bar.scrollLeft += inner.left + inner.width / 2 - outer.left - outer.width / 2;
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  say(texts.copied);
});
