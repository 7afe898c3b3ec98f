// Draws a QR code and a security key with cairo: no file is written and no image is loaded.

import Cairo from 'gi://cairo';
import Clutter from 'gi://Clutter';
import GLib from 'gi://GLib';
import GObject from 'gi://GObject';
import St from 'gi://St';

import qrcode from './qrcode.mjs';

const QUIET = 4; // modules of margin that a reader needs
const PULSE_MILLISECONDS = 300;

/**
 * The modules of a QR code.
 *
 * @param {import('./messages.js').Code} code what it says
 * @returns {boolean[][]} rows, true for dark; empty if it is too long for a QR code
 */
function modules(code) {
    const bytes = new TextEncoder().encode(code.content);
    const qr = qrcode(0, code.level);
    qr.addData(String.fromCharCode(...bytes), 'Byte');
    try {
        qr.make();
    } catch {
        console.warn('qr-greeter: a message is too long for a QR code');
        return [];
    }
    const size = qr.getModuleCount();
    return Array.from({length: size}, (_row, y) => Array.from({length: size}, (_cell, x) => qr.isDark(y, x)));
}

export const QrPicture = GObject.registerClass({GTypeName: 'HimmelblauQrPicture'},
class QrPicture extends St.DrawingArea {
    _init(code) {
        const rows = modules(code);
        const across = rows.length + 2 * QUIET;
        // Larger modules are read from farther away; a long code must still fit on a small screen.
        const size = across * (across > 45 ? 3 : 4);
        super._init({width: size, height: size, visible: rows.length > 0, x_align: Clutter.ActorAlign.CENTER});
        this._rows = rows;
        this._across = across;
    }

    vfunc_repaint() {
        const [width, height] = this.get_surface_size();
        const cr = this.get_context();
        const module = Math.max(1, Math.floor(Math.min(width, height) / this._across));
        const left = Math.floor((width - module * this._rows.length) / 2);
        const top = Math.floor((height - module * this._rows.length) / 2);
        cr.setSourceRGB(1, 1, 1);
        cr.paint();
        cr.setSourceRGB(0, 0, 0);
        cr.setAntialias(Cairo.Antialias.NONE);
        this._rows.forEach((row, y) => row.forEach((dark, x) => {
            if (dark)
                cr.rectangle(left + x * module, top + y * module, module, module);
        }));
        cr.fill();
        cr.$dispose();
    }
});

/** A USB security key, 160 by 80; it pulses while it waits for a touch. */
export const KeyPicture = GObject.registerClass({GTypeName: 'HimmelblauKeyPicture'},
class KeyPicture extends St.DrawingArea {
    _init(touch) {
        super._init({width: 160, height: 80, x_align: Clutter.ActorAlign.CENTER});
        this._pulse = 0;
        if (touch) {
            this._pulse = GLib.timeout_add(GLib.PRIORITY_DEFAULT, PULSE_MILLISECONDS, () => {
                this.opacity = this.opacity > 160 ? 110 : 255;
                return GLib.SOURCE_CONTINUE;
            });
            this.connect('destroy', () => GLib.source_remove(this._pulse));
        }
    }

    vfunc_repaint() {
        const [width, height] = this.get_surface_size();
        const cr = this.get_context();
        cr.scale(width / 160, height / 80);
        // The plug, the body, and the place to touch.
        cr.setSourceRGB(0.85, 0.85, 0.85);
        cr.rectangle(14, 28, 34, 24);
        cr.fill();
        cr.setSourceRGB(0.35, 0.6, 0.9);
        cr.rectangle(44, 18, 86, 44);
        cr.arc(130, 40, 22, -Math.PI / 2, Math.PI / 2);
        cr.fill();
        cr.setSourceRGB(1, 0.85, 0.3);
        cr.arc(100, 40, 12, 0, 2 * Math.PI);
        cr.fill();
        cr.$dispose();
    }
});
