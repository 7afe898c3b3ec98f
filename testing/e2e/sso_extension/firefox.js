// Firefox waits for an extension: each page of the sign-in service gets a cookie for its own address.

async function sign(request) {
    try {
        const {name, value} = await header(request.url);
        return {requestHeaders: [...request.requestHeaders.filter(known => known.name !== name), {name, value}]};
    } catch (error) {
        return {}; // as it is
    }
}

browser.webRequest.onBeforeSendHeaders.addListener(
    sign, {urls: ['https://login.microsoftonline.com/*'], types: ['main_frame', 'sub_frame']}, ['blocking', 'requestHeaders']);

browser.runtime.onMessage.addListener(
    () => header('https://login.microsoftonline.com').then(() => 'single sign-on', error => `none: ${error.message}`));
