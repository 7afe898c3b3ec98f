// The native messaging host: it answers the questions of one command in their order and says by itself whether the broker is there.

const api = globalThis.browser ?? globalThis.chrome;
const waiting = new Map();
let port = null;

function ended() {
    const reason = new Error(api.runtime.lastError?.message ?? port?.error?.message ?? 'the host ended');
    port = null;
    for (const questions of waiting.values())
        questions.splice(0).forEach(question => question.reject(reason));
}

function heard({command, message}) {
    const question = waiting.get(command)?.shift();
    if (!question)
        return;
    if ('error' in message)
        question.reject(new Error(message.error.context ?? message.error));
    else
        question.resolve(message);
}

function ask(command, members = {}) {
    return new Promise((resolve, reject) => {
        if (port === null) {
            port = api.runtime.connectNative('linux_entra_sso');
            port.onMessage.addListener(heard);
            port.onDisconnect.addListener(ended);
        }
        if (!waiting.has(command))
            waiting.set(command, []);
        waiting.get(command).push({resolve, reject});
        port.postMessage({command, ...members});
    });
}

// The header for a page of the sign-in service: {name, value}.
async function header(ssoUrl) {
    const [account] = (await ask('getAccounts')).accounts;
    if (!account)
        throw new Error('no account');
    const reply = await ask('acquirePrtSsoCookie', {account, ssoUrl});
    const cookie = reply.cookieItems?.[0] ?? reply;
    return {name: cookie.cookieName, value: cookie.cookieContent};
}
