package dev.kelpfs.volume.file;

import java.io.IOException;

/** The data of a record is not what was stored; found while it was on its way to a client. */
final class DamagedDataException extends IOException {
    private static final long serialVersionUID = 1L;

    DamagedDataException(String what) {
        super(what);
    }
}
