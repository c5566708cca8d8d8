package dev.kelpfs.master.state;

import java.io.IOException;

/** State was written by a newer release, whose rules this one does not know. Nothing was changed. */
public final class UnknownVersionException extends IOException {
    private static final long serialVersionUID = 1L;

    private UnknownVersionException(String what, int version) {
        super("the master's " + what + " has version " + Integer.toUnsignedString(version) + ", this release knows versions 1 to "
                + MasterState.VERSION + "; start the release that wrote it, or a newer one");
    }

    static void check(String what, int version) throws UnknownVersionException {
        if (version < 1 || version > MasterState.VERSION) throw new UnknownVersionException(what, version);
    }
}
