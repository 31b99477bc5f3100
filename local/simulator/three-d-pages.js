/** Tells the page around that this one is through. */
const message = document.querySelector('#message');
if (message) setTimeout(() => parent.postMessage(message.dataset.message, '*'), Number(message.dataset.delay));
