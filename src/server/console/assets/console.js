// The console's own script: says when what is shown may be old, and asks before what can't be taken back.

const connection = document.querySelector('#connection');

const say = (text) => {
  if (connection && connection.textContent !== text) connection.textContent = text;
};

document.body.addEventListener('htmx:sseError', () =>
  say('Rollcall does not answer. What is shown may be old.'),
);
document.body.addEventListener('htmx:sseOpen', () => say(''));

// A part in which somebody is typing or has opened something is left as it is.
document.body.addEventListener('htmx:oobBeforeSwap', (event) => {
  const { target } = event.detail;
  const isInUse = target.contains(document.activeElement) || target.querySelector('details[open]') !== null;
  if (isInUse) event.detail.shouldSwap = false;
});

for (const form of document.querySelectorAll('form[data-confirm]'))
  form.addEventListener('submit', (event) => {
    if (!window.confirm(form.dataset.confirm)) event.preventDefault();
  });
