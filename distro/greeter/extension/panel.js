// What stands below a prompt: a QR code, with its label and the code to type beside it, or a security key.

import Clutter from 'gi://Clutter';
import GObject from 'gi://GObject';
import St from 'gi://St';

import {KeyPicture, QrPicture} from './drawing.js';

export const Panel = GObject.registerClass({GTypeName: 'HimmelblauPanel'},
class Panel extends St.BoxLayout {
    _init() {
        super._init({style_class: 'himmelblau-panel', x_align: Clutter.ActorAlign.CENTER, visible: false});
        this._content = '';
    }

    /** @param {import('./messages.js').Shown} shown what the message asks for */
    show_for(shown) {
        // A passkey is read from a phone while messages about keys come.
        const code = shown.code ?? (shown.key ? this._passkey : null);
        this._passkey = shown.code?.level === 'L' || (shown.key && this._passkey) ? code : null;
        const content = JSON.stringify([code, shown.key]);
        if (content === this._content)
            return;
        this._content = content;
        this.destroy_all_children();
        if (shown.key)
            this.add_child(new KeyPicture(shown.key === 'touch'));
        if (code)
            this._addCode(code);
        this.visible = Boolean(code || shown.key);
    }

    _addCode(code) {
        const picture = new QrPicture(code);
        picture.set({accessible_name: code.label});
        this.add_child(picture);
        if (!picture.visible)
            return;
        const side = new St.BoxLayout({style_class: 'himmelblau-side', y_align: Clutter.ActorAlign.CENTER});
        // The property of the box that makes it vertical has another name from one version of the shell to the next.
        side.layout_manager.orientation = Clutter.Orientation.VERTICAL;
        const label = new St.Label({text: code.label, style_class: 'himmelblau-label'});
        label.clutter_text.line_wrap = true;
        side.add_child(label);
        if (code.userCode)
            side.add_child(new St.Label({text: code.userCode, style_class: 'himmelblau-code'}));
        this.add_child(side);
    }
});
