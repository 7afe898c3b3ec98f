// Decides what a message of PAM asks to have drawn. Knows nothing of the shell.

const PREFIXES = ['[FIDO_INSERT] ', '[FIDO_TOUCH] ', '[QR_BT_LABEL] ', '[QR_BT] ', '[TOTP_QR] '];
const RIGHT_TO_LEFT = /[\p{Script=Arabic}\p{Script=Hebrew}]/u;
const LONGEST_ADDRESS = 500;
const HOST = /^https?:\/\/([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?([/?#]|$)/i;
const USER_CODES = [
    /[?&]user_code=([A-Za-z0-9-]{4,20})/i,
    /enter the code[:\s]+([A-Za-z0-9-]{6,12})(?![A-Za-z0-9-])/i,
    /\b([A-Za-z0-9]{4,5}-[A-Za-z0-9]{4,5})\b/,
    // In capitals only: otherwise any word of this length would be taken for a code.
    /\b([A-Z0-9]{8,9})\b/,
];

/**
 * What to show for a message.
 *
 * @typedef {object} Shown
 * @property {string} text the message for the user, without prefixes
 * @property {?Code} code the QR code to draw
 * @property {?('insert'|'touch')} key a security key to draw, and what to do with it
 */

/**
 * @typedef {object} Code
 * @property {string} content what a reader of the code gets
 * @property {'L'|'M'} level the error correction
 * @property {string} label what stands below the code
 * @property {string} userCode what the user has to type after scanning; or empty
 */

/**
 * @callback Translate
 * @param {string} text in English
 * @returns {string} the text in the language of the greeter
 */

/**
 * @param {?string} message as PAM sent it
 * @param {Translate} _ for the words that are not in the message
 * @returns {Shown} what to show
 */
export function shown(message, _) {
    const text = message ?? '';
    if (/^otpauth:\/\//i.test(text))
        return authenticator(text, 'Hello TOTP', _);
    if (PREFIXES.some(prefix => text.includes(prefix)))
        return marked(text, _);
    return {text, code: webPage(text, _), key: null};
}

/**
 * @param {string} text a message in which lines begin with prefixes
 * @param {Translate} _
 */
function marked(text, _) {
    const lines = text.split('\n');
    const result = {text: '', code: null, key: null};
    const kept = [];
    let label = '';
    for (const line of lines) {
        const prefix = PREFIXES.find(each => line.startsWith(each));
        const rest = prefix ? line.slice(prefix.length) : line;
        switch (prefix) {
        case '[TOTP_QR] ': {
            const set = authenticator(rest, 'TOTP', _);
            result.code = set.code;
            kept.push(set.text);
            break;
        }
        case '[QR_BT_LABEL] ':
            label = rest;
            break;
        case '[QR_BT] ':
            result.code = {content: rest, level: 'L', label: '', userCode: ''};
            break;
        case '[FIDO_INSERT] ':
            result.key = 'insert';
            kept.push(rest);
            break;
        case '[FIDO_TOUCH] ':
            result.key = 'touch';
            kept.push(rest);
            break;
        default:
            kept.push(rest);
        }
    }
    if (result.code && !result.code.label)
        result.code.label = label || _('Scan with your phone');
    result.text = kept.join('\n') || label;
    return result;
}

/**
 * @param {string} address of an authenticator app's new entry
 * @param {string} name of what is set up
 * @param {Translate} _
 */
function authenticator(address, name, _) {
    const content = address.trim();
    const secret = content.match(/[?&]secret=([A-Za-z2-7]{8,128})(?:[&#]|$)/)?.[1] ?? '';
    const key = secret.toUpperCase().match(/.{1,4}/g)?.join(' ');
    return {
        text: key
            ? filled(_('Scan this QR code with your authenticator app, or enter the key {key} there. Then type the code that the app shows.'), {key})
            : _('Scan this QR code with your authenticator app. Then type the code that the app shows.'),
        code: {content, level: 'M', label: filled(_('Scan to set up {name}'), {name}), userCode: ''},
        key: null,
    };
}

/**
 * @param {string} sentence with {names} for its values
 * @param {{[name: string]: string}} values of Latin letters and digits
 */
function filled(sentence, values) {
    // Among words that are written from right to left, the groups of a key would change places without isolates.
    const [begin, end] = RIGHT_TO_LEFT.test(sentence) ? ['\u2066', '\u2069'] : ['', ''];
    return sentence.replace(/\{([a-z]+)\}/g, (_place, name) => begin + values[name] + end);
}

/**
 * @param {string} text a message that may name a web page
 * @param {Translate} _
 */
function webPage(text, _) {
    const addresses = (text.match(/https?:\/\/[^\s"'<>]+/gi) ?? [])
        .map(address => address.replace(/[\][().{},;:!?]+$/, ''))
        .filter(address => address.length <= LONGEST_ADDRESS && HOST.test(address));
    if (addresses.length === 0)
        return null;
    const withCode = addresses.find(address => /[?&]user_code=/i.test(address));
    const complete = addresses.find(address =>
        addresses.some(other => other !== address && address.startsWith(other)));
    return {
        content: withCode ?? complete ?? addresses[0],
        level: 'M',
        label: withCode || complete ? _('Scan to continue sign-in') : _('Scan with your phone'),
        userCode: userCode(text, addresses),
    };
}

function userCode(text, addresses) {
    // Host and path of an address are no code.
    const prose = addresses.reduce((rest, address) => rest.replaceAll(address, ' '), text);
    const found = [text.match(USER_CODES[0]), ...USER_CODES.slice(1).map(pattern => prose.match(pattern))];
    return found.find(match => match)?.[1] ?? '';
}
