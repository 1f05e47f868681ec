/** The page's only script: asks for the same page anew every two seconds, and swaps what changed. The page works without it. */
export const pageScript = `'use strict';

const periodMs = 2000;
const form = document.querySelector('form');
const search = document.querySelector('#search');
const connection = document.querySelector('#connection');
let typing;

async function refresh() {
  if (document.hidden) return;
  try {
    const answer = await fetch(location.href, { headers: { accept: 'text/html' } });
    if (!answer.ok) throw new Error(answer.statusText);
    show(new DOMParser().parseFromString(await answer.text(), 'text/html'));
    say('');
  } catch {
    say('The sandbox does not answer. What is shown may be old.');
  }
}

function say(text) {
  if (connection.textContent !== text) connection.textContent = text;
}

function show(fresh) {
  for (const part of document.querySelectorAll('[data-live]')) {
    const next = fresh.getElementById(part.id);
    if (next && next.innerHTML !== part.innerHTML && !part.contains(document.activeElement)) {
      part.replaceChildren(...next.childNodes);
    }
  }
}

function look() {
  const query = new URLSearchParams(new FormData(form));
  history.replaceState(null, '', '?' + query);
  refresh();
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  look();
});
form.addEventListener('change', look);
search.addEventListener('input', () => {
  clearTimeout(typing);
  typing = setTimeout(look, 200);
});
document.addEventListener('visibilitychange', refresh);
setInterval(refresh, periodMs);
`;
