/** Fetches the page again and puts in what changed, unless it is in use; open entries stay open. */
async function refresh() {
  const live = document.querySelector('#live');
  if (document.hidden || live.contains(document.activeElement)) return;
  const answer = await fetch(location.href).catch(() => null);
  if (!answer?.ok) return;
  const next = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('#live');
  for (const { id } of live.querySelectorAll('details[open]')) {
    const same = next.querySelector(`#${CSS.escape(id)}`);
    if (same) same.open = true;
  }
  if (next.innerHTML !== live.innerHTML) live.innerHTML = next.innerHTML;
}

/** A link to an entry opens it. */
function openTarget() {
  const target = location.hash && document.querySelector(`#${CSS.escape(location.hash.slice(1))}`);
  if (target instanceof HTMLDetailsElement) target.open = true;
}

addEventListener('hashchange', openTarget);
openTarget();
setInterval(() => void refresh(), 1500);
