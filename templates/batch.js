const box = document.getElementById("search");
const causes = Array.from(document.querySelectorAll(".cause"));
const found = document.getElementById("found");
box.addEventListener("input", () => {
  const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const cause of causes) {
    cause.hidden = !words.every((word) => cause.dataset.text.includes(word));
    shown += cause.hidden ? 0 : 1;
  }
  found.textContent = words.length ? `${shown} of ${causes.length}` : "";
});
