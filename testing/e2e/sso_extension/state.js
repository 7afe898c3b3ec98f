// In the store's own page: what the broker says now; in Chromium, pages of the sign-in service get that from then on.
(globalThis.browser ?? globalThis.chrome).runtime.sendMessage('state').then(state => {
    document.getElementById('state').textContent = state;
});
