// Draws QR codes and security keys on GDM's sign-in screen and on the lock screen, from the texts that PAM sends.

import {AuthPrompt} from 'resource:///org/gnome/shell/gdm/authPrompt.js';
import {Extension, InjectionManager} from 'resource:///org/gnome/shell/extensions/extension.js';

import {shown} from './messages.js';
import {Panel} from './panel.js';

export default class QrGreeter extends Extension {
    enable() {
        this._panels = new Map();
        this._translate = this.gettext.bind(this);
        this._injections = new InjectionManager();
        const draw = this._draw.bind(this);
        this._injections.overrideMethod(AuthPrompt.prototype, 'setMessage', original => function (message, ...rest) {
            let text = message;
            try {
                text = draw(this, message);
            } catch (error) {
                // The user can still read the message.
                console.error(error, 'qr-greeter: nothing was drawn');
            }
            original.call(this, text, ...rest);
        });
    }

    disable() {
        this._injections.clear();
        this._injections = null;
        for (const panel of this._panels.values())
            panel.destroy();
        this._panels = null;
        this._translate = null;
    }

    /**
     * @param {AuthPrompt} prompt the prompt that shows the message
     * @param {?string} message as PAM sent it
     * @returns {?string} the text to show
     */
    _draw(prompt, message) {
        const result = shown(message, this._translate);
        this._panel(prompt).show_for(result);
        return message && result.text;
    }

    _panel(prompt) {
        let panel = this._panels.get(prompt);
        if (!panel) {
            panel = new Panel();
            this._panels.set(prompt, panel);
            panel.connect('destroy', () => this._panels?.delete(prompt));
            prompt.add_child(panel);
            // A prompt that begins anew asks for nothing yet.
            prompt.connectObject('reset', () => panel.show_for(shown(null, this._translate)), panel);
        }
        return panel;
    }
}
