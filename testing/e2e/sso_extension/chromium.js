// Chromium has no extension wait for an answer: a rule sets the header, with a cookie that was fetched before.

importScripts('host.js');

const RULE = 1;

async function renew() {
    try {
        const {name, value} = await header('https://login.microsoftonline.com');
        await chrome.declarativeNetRequest.updateSessionRules({
            removeRuleIds: [RULE],
            addRules: [{
                id: RULE,
                action: {type: 'modifyHeaders', requestHeaders: [{header: name, operation: 'set', value}]},
                condition: {urlFilter: '|https://login.microsoftonline.com/', resourceTypes: ['main_frame', 'sub_frame']},
            }],
        });
        return 'single sign-on';
    } catch (error) {
        await chrome.declarativeNetRequest.updateSessionRules({removeRuleIds: [RULE]});
        return `none: ${error.message}`;
    }
}

chrome.runtime.onMessage.addListener((message, sender, answer) => {
    renew().then(answer);
    return true; // the answer comes later
});
