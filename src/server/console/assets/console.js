// The console's own script: says when what is shown may be old, and asks before what can't be taken back.

const connection = document.querySelector('#connection');

const say = (text) => {
  if (connection && connection.textContent !== text) connection.textContent = text;
};

document.body.addEventListener('htmx:sseError', () =>
  say('Rollcall does not answer. What is shown may be old.'),
);
document.body.addEventListener('htmx:sseOpen', () => say(''));

/** Whether somebody has put something in that was not sent yet. */
const isTouched = (field) =>
  field instanceof HTMLSelectElement
    ? field.selectedIndex !==
      Math.max(
        0,
        [...field.options].findIndex((option) => option.defaultSelected),
      )
    : field.type === 'checkbox'
      ? field.checked !== field.defaultChecked
      : field.type !== 'hidden' && field.value !== field.defaultValue;

// A part in which somebody is typing or has opened something is left as it is.
document.body.addEventListener('htmx:oobBeforeSwap', (event) => {
  const { target } = event.detail;
  const isInUse =
    target.contains(document.activeElement) ||
    target.querySelector('details[open]') !== null ||
    [...target.querySelectorAll('input, select')].some(isTouched);
  if (isInUse) event.detail.shouldSwap = false;
});

for (const form of document.querySelectorAll('form[data-confirm]'))
  form.addEventListener('submit', (event) => {
    if (!window.confirm(form.dataset.confirm)) event.preventDefault();
  });
